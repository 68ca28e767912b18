import { z } from 'zod';
import { isLoopback } from '../clients/addresses.js';
import { addressOf } from '../clients/http.js';
import type { Network } from '../clients/host-connection.js';
import { ClientError } from '../model/client-error.js';
import type { Service } from '../model/service.js';
import { WORKER, type Place } from './define-probe.js';

/** What one HTTP request got: an answer, or the rung at which it failed. Shared by every probe that asks over HTTP. */
export const HttpAnswer = z.object({
  /** The request as sent: `GET https://api.example.com/ HTTP/1.1`. */
  request: z.string(),
  /** Null when there was no HTTP answer; `failure` says why. */
  status: z.int().nullable(),
  reasonPhrase: z.string().nullable(),
  /** Lower-case names. Cookies and authorisation are left out. */
  headers: z.record(z.string(), z.string()),
  /** First 4 KiB of the body, redacted. */
  body: z.string(),
  failure: z
    .object({
      rung: z.enum(['dns', 'tcp', 'tls', 'answer']),
      kind: z.enum([
        'not-found',
        'refused',
        'timeout',
        'no-route',
        'certificate',
        'reset',
        'protocol',
        'other',
      ]),
      message: z.string(),
    })
    .nullable(),
  /** The body ended before it was said to. */
  brokenOff: z.boolean().optional(),
  /** Milliseconds to the first byte of the answer, or to the failure. */
  firstByteMs: z.number().nonnegative(),
  /** For https: when the certificate ends. */
  certificateExpiresAt: z.iso.datetime().nullable(),
  /** What is wrong with the certificate where the request went on: an issuer that the worker does not know. */
  certificateProblem: z.string().optional(),
});
export type HttpAnswer = z.infer<typeof HttpAnswer>;

/** One question at each host of the service. */
export const hostPlaces = ({ hosts }: Service): Place[] =>
  hosts.map((name) => ({ target: { kind: 'host', name }, from: name }));

/** The worker's own loopback is another machine's: never asked instead of a host's. */
export const refuseForeignService = (address: string, place: Place, network: Network): void => {
  if (network.name === WORKER && place.from !== WORKER && isLoopback(address))
    throw new ClientError(
      'denied',
      `${place.from}'s sshd forwards no connections; \`AllowTcpForwarding yes\` would allow it`,
    );
};

/** The users' question as an inner hop gets it: path and Host of the public URL, scheme and address of the health URL. */
export const usersRequest = ({ url: outer, health }: Service) => {
  const inner = new URL(health);
  const { host, protocol, pathname, search } = new URL(outer ?? health);
  return {
    url: new URL(`${inner.protocol}//${host}${pathname}${search}`),
    to: addressOf(inner),
    forwardedProto: protocol === 'https:' ? ('https' as const) : ('http' as const),
  };
};
