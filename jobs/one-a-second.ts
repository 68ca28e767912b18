/** Hands on the latest value, at most one a second and one at a time. `end` waits for the one under way. */
export function oneASecond<T>(
  work: (latest: T) => Promise<void>,
  onError: (error: unknown) => void,
  everyMs = 1_000,
): { report: (value: T) => void; end: () => Promise<void> } {
  let latest: { value: T } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let lastAt = 0;

  const run = (): void => {
    timer = null;
    if (latest === null) return;
    const { value } = latest;
    latest = null;
    lastAt = Date.now();
    running = running.then(() => work(value)).catch(onError);
  };
  return {
    report: (value) => {
      latest = { value };
      timer ??= setTimeout(run, Math.max(0, lastAt + everyMs - Date.now()));
    },
    end: async () => {
      if (timer !== null) clearTimeout(timer);
      latest = null;
      await running;
    },
  };
}
