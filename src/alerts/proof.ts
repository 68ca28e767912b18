import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A signature counts this long, to both sides of our clock. */
export const WINDOW_MS = 5 * 60_000;

export const digestOf = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** Takes as long whichever is given, however long it is, and wherever it differs: all are always compared. */
export function isOneOf(given: string, known: readonly string[]): boolean {
  const hashed = (text: string) => createHash('sha256').update(text).digest();
  const wanted = hashed(given);
  return known.map((each) => timingSafeEqual(wanted, hashed(each))).some((equal) => equal);
}

/** HMAC-SHA256 in lower-case hex, by each of the secrets. */
export const signaturesOf = (secrets: readonly string[], ...signed: readonly (string | Buffer)[]): string[] =>
  secrets.map((secret) => {
    const hmac = createHmac('sha256', secret);
    for (const part of signed) hmac.update(part);
    return hmac.digest('hex');
  });

/** The token of `Authorization: Bearer …`; the scheme may be written in any case. */
export const bearerOf = (authorization: string | null): string | null =>
  /^bearer ([\x21-\x7e]{1,256})$/i.exec(authorization ?? '')?.[1] ?? null;

/** `user:password` of `Authorization: Basic …`. */
export function loginOf(authorization: string | null): string | null {
  const encoded = /^basic ([A-Za-z0-9+/]{1,1000}={0,2})$/i.exec(authorization ?? '')?.[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Why a time in whole seconds is not now; null: it is. */
export function staleness(seconds: string | null, now: number): string | null {
  if (seconds === null || !/^[0-9]{1,12}$/.test(seconds)) return 'its time is missing or malformed';
  return Math.abs(now - Number(seconds) * 1_000) <= WINDOW_MS ? null : 'its time is too far from ours';
}

/** The signatures of `v1=HEX,v1=HEX`: several while a secret is replaced. Null where it is written in any other way. */
export function versionedSignatures(header: string | null): string[] | null {
  const parts = (header ?? '').split(',').map((part) => part.trim());
  const isOurs = parts.length <= 8 && parts.every((part) => /^v1=[0-9a-f]{64}$/.test(part));
  return isOurs ? parts.map((part) => part.slice('v1='.length)) : null;
}
