import { type Dispatcher, fetch } from 'undici';

const DEADLINE_MS = 5_000;
const MAX_BYTES = 16 * 1024;

export type FetchText = (url: string) => Promise<string>;

/**
 * A short text from a provider's own host: over HTTPS, no redirect followed, five seconds, 16 KiB. `dispatcher`: how
 * connections are made, when not by this process's own names and authorities.
 */
export const textFetcher =
  (dispatcher?: Dispatcher): FetchText =>
  async (url) => {
    const { host } = new URL(url);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const own = dispatcher === undefined ? {} : { dispatcher };
    const answer = await fetch(url, { redirect: 'error', signal, ...own }).catch((error: unknown) => {
      throw new Error(`${host}: ${reasonOf(error)}`, { cause: error });
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new Error(`${host} answered ${answer.status}`);
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const body: AsyncIterable<Uint8Array> = answer.body ?? new ReadableStream<Uint8Array>();
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`${host} answered more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  };

/** `fetch failed` says nothing: what did stands in its cause. */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error ? cause.message : String(error instanceof Error ? error.message : error);
}
