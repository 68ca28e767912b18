import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { ClientError } from '../model/client-error.js';
import { bare } from './addresses.js';
import { toError } from './deadline.js';

export type SecureStream = {
  stream: TLSSocket;
  /** When the certificate ends; null where it tells none. */
  expiresAt: string | null;
  /** Null when the certificate is good for that name. */
  problem: CertificateProblem | null;
};

/**
 * `decisive`: wrong for every client (ended, not begun, other name). An unknown issuer is not: the app may trust an
 * authority that the worker does not know.
 */
export type CertificateProblem = { code: string; message: string; decisive: boolean };

const DECISIVE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another name',
  CERT_REVOKED: 'certificate is revoked',
};

/** Nothing is learnt about the far end, and no password is given to whoever it is. */
export const unknownIssuer = ({ message }: CertificateProblem): ClientError =>
  new ClientError(
    'denied',
    `${message}; no password was sent. NODE_EXTRA_CA_CERTS=FILE makes an authority known to the worker`,
  );

/** The TLS step over an open stream. Never refuses a certificate: says what is wrong with it. */
export const secureStream = (raw: Duplex, host: string, signal: AbortSignal): Promise<SecureStream> =>
  new Promise((resolve, reject) => {
    const name = bare(host);
    const stream = connect({
      socket: raw,
      host: name,
      rejectUnauthorized: false,
      ...(isIP(name) === 0 ? { servername: name } : {}),
    });
    const give = () => stream.destroy(toError(signal.reason));
    signal.addEventListener('abort', give, { once: true });
    stream.on('error', reject);
    stream.once('close', () => reject(new Error('the connection was closed during the TLS handshake')));
    stream.once('secureConnect', () => {
      signal.removeEventListener('abort', give);
      const expiresAt = certificateEnd(stream);
      resolve({ stream, expiresAt, problem: problemOf(stream, name, expiresAt) });
    });
  });

const certificateEnd = (stream: TLSSocket): string | null => {
  const end = new Date(stream.getPeerCertificate().valid_to);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
};

const problemOf = (stream: TLSSocket, host: string, expiresAt: string | null): CertificateProblem | null => {
  if (stream.authorized) return null;
  // Typed as Error, but Node puts the code there.
  const code = String(stream.authorizationError);
  const known = Object.entries(DECISIVE).find(([key]) => code.includes(key));
  const ended = expiresAt !== null && Date.parse(expiresAt) < Date.now();
  if (known || ended) {
    const text = ended ? DECISIVE['CERT_HAS_EXPIRED'] : known?.[1];
    const note = expiresAt === null ? '' : `, valid until ${expiresAt}`;
    return {
      code: ended ? 'CERT_HAS_EXPIRED' : code,
      message: `${text ?? code} (${host}${note})`,
      decisive: true,
    };
  }
  return {
    code,
    message: `the worker does not know the certificate's issuer (${host}: ${code})`,
    decisive: false,
  };
};
