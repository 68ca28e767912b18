/** One queue for each kind of work with rules of its own. */
export const QUEUE_NAMES = ['diagnose', 'post', 'remediate', 'sweep'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** Keeps our keys apart from other programs in the same Redis. */
export const REDIS_PREFIX = 'diag503';

/** BullMQ's own tables in the database, apart from ours. */
export const POSTGRES_SCHEMA = 'diag503_queue';
