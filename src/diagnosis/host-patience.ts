import { ClientError } from '../model/client-error.js';

/** A program that is ended after its time is given this long for it, and its answer for the way back. */
const GRACE_MS = 1500;
/** A host that needed a while for what never waits is slow: what may wait gets as much again, this many times. */
const SLOWNESS = 3;

/**
 * When to stop waiting for the rest of a host's answers. What the shell reads by itself never waits for anything: while
 * that is on its way the host is only slow, and has until the run's deadline. Once it is in, what is still missing hangs.
 */
export const createPatience = (
  inline: readonly string[],
  waitSeconds: number,
): { signal: AbortSignal; started: () => void; read: (id: string) => void; stop: () => void } => {
  const controller = new AbortController();
  const awaited = new Set(inline);
  let startedAt: number | null = null;
  let timer: NodeJS.Timeout | undefined;

  const countDown = (): void => {
    if (startedAt === null || awaited.size > 0 || timer !== undefined) return;
    const spent = Date.now() - startedAt;
    const allowed = Math.max(waitSeconds * 1000 + GRACE_MS, spent * (1 + SLOWNESS));
    timer = setTimeout(() => {
      controller.abort(new ClientError('timeout', `no end within ${Math.round(allowed / 1000)} s`));
    }, allowed - spent);
  };

  return {
    signal: controller.signal,
    started: () => {
      startedAt ??= Date.now();
      countDown();
    },
    read: (id) => {
      awaited.delete(id);
      countDown();
    },
    stop: () => clearTimeout(timer),
  };
};
