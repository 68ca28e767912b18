import { countOf } from '../../model/words.js';
import type { DatabaseSessions } from '../../probes/database-sessions.js';

export type Usage = DatabaseSessions['usage'][number];

/** A pooler holds our own login back, and only its console was read. */
export const wasNotListed = ({ usage, groups, lockSessions, limits }: DatabaseSessions): boolean =>
  [usage, groups, lockSessions, limits].every((rows) => rows.length === 0);
export const NOT_LISTED = {
  status: 'skipped',
  reason: 'sessions could not be listed: our own login waits at the pooler',
} as const;

/** The later sample; null where our own login was refused. */
export const lastUsage = ({ usage }: DatabaseSessions): Usage | null => usage.at(-1) ?? null;

/** True in both samples: a peak of an instant is no state. */
export const inBothSamples = ({ usage }: DatabaseSessions, is: (sample: Usage) => boolean): boolean =>
  usage.length > 0 && usage.every(is);

export const isExhausted = ({ used, usable }: Usage): boolean => used >= usable;

/** "52 of them `api` from 10.0.0.5, idle in transaction". */
export const biggestGroup = ({ groups }: DatabaseSessions): string => {
  const [first] = groups;
  if (first === undefined) return '';
  const who = [first.user, first.application].filter((word) => word !== null && word !== '').join('/');
  return `${String(first.count)} of them by ${who || 'an unnamed client'} from ${first.client ?? 'the same machine'}, ${first.state ?? 'state hidden'}`;
};

/** What the breakdown looked like, in one line that stands for the query's result. */
export const usageLine = ({
  used,
  usable,
  maxConnections,
  active,
  idle,
  idleInTransaction,
  waitingForLock,
}: Usage): string =>
  `used ${used} | usable ${usable} | max_connections ${maxConnections} | active ${active} | idle ${idle} | idle in transaction ${idleInTransaction} | waiting for a lock ${waitingForLock}`;

export const groupLines = ({ groups }: DatabaseSessions): string =>
  groups
    .slice(0, 5)
    .map(({ line }) => line)
    .join('\n');

export const sessionsOf = (count: number): string => countOf(count, 'session');
