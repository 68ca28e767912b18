const DEADLINE_MS = 5_000;
const MAX_BYTES = 16 * 1024;

/** A short text from a provider's own host: over HTTPS, no redirect followed, five seconds, 16 KiB. */
export async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(DEADLINE_MS) });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Error(`${new URL(url).host} answered ${answer.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> = answer.body ?? new ReadableStream<Uint8Array>();
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`${new URL(url).host} answered more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
