/** Slow senders hold a connection no longer than this; Node's own limits are five minutes and one. */
export const SERVER_LIMITS = {
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
} as const;
