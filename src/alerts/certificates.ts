const KEPT = 4;
/** Whoever sends forgeries with ever new addresses must not make us ask for all of them. */
const MAX_AT_ONCE = 4;

type Fetch = (url: string) => Promise<string>;

/** Certificates by their address: the latest few are kept, and several who wait for one ask once. */
export function rememberCertificates(fetchOne: Fetch): Fetch {
  const kept = new Map<string, string>();
  const asked = new Map<string, Promise<string>>();
  return async (url) => {
    const known = kept.get(url);
    if (known !== undefined) {
      kept.delete(url);
      kept.set(url, known);
      return known;
    }
    const waiting = asked.get(url);
    if (waiting !== undefined) return waiting;
    if (asked.size >= MAX_AT_ONCE) throw new Error('too many certificates are being fetched');
    const answer = fetchOne(url).finally(() => asked.delete(url));
    asked.set(url, answer);
    const pem = await answer;
    kept.set(url, pem);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return pem;
  };
}
