/** Clients that wait in a command which does not wait of its own: writes are paused (CLIENT PAUSE, a failover). */
export type HeldBack = {
  readonly clients: number;
  /** Names of their commands, each once. */
  readonly commands: readonly string[];
  /** Seconds since the client that waits longest has sent its command. */
  readonly longestSeconds: number;
};

/** Commands that wait for data, other replicas or the disk (redis.io/commands, "blocking"); a module's have a dot. */
const WAITS_OF_ITS_OWN = /^(?:b[lrz]\w+|xread|xreadgroup|wait|waitaof|shutdown|failover|\S+\.\S+)$/;
const IS_BLOCKED = /\bflags=[a-zA-Z]*b/;

/** From CLIENT LIST; null where nobody is held back. */
export const heldBackIn = (clientList: string): HeldBack | null => {
  const held = clientList.split('\n').flatMap((line) => {
    const command = /\bcmd=([\w|.-]+)/.exec(line)?.[1];
    const idle = /\bidle=(\d+)/.exec(line)?.[1];
    if (!IS_BLOCKED.test(line) || command === undefined || idle === undefined) return [];
    return WAITS_OF_ITS_OWN.test(command) ? [] : [{ command, idle: Number(idle) }];
  });
  if (held.length === 0) return null;
  return {
    clients: held.length,
    commands: [...new Set(held.map(({ command }) => command))].toSorted().slice(0, 5),
    longestSeconds: Math.max(...held.map(({ idle }) => idle)),
  };
};
