type Close = () => Promise<unknown>;

const open = new Set<Close>();
let listens = false;

/** What a campaign has started ends with it, also after Ctrl-C. Answers `close`, which from then on does it once. */
export function endedWithUs(close: Close): () => Promise<void> {
  listen();
  let ending: Promise<void> | null = null;
  const closeOnce = (): Promise<void> => {
    open.delete(closeOnce);
    return (ending ??= close().then(() => undefined));
  };
  open.add(closeOnce);
  return closeOnce;
}

/** For an end that came too early for whoever would have closed it. The newest first: what writes into a folder ends before it. */
export async function endEverything(): Promise<void> {
  for (const close of [...open].toReversed()) await close().catch(() => undefined);
}

function listen(): void {
  if (listens) return;
  listens = true;
  // A second signal ends us at once: nothing listens for it any more.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void endEverything().then(() => process.exit(130));
    });
}
