import { z } from 'zod';

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
      kind: z.enum(['not-found', 'refused', 'timeout', 'no-route', 'certificate', 'reset', 'protocol', 'other']),
      message: z.string(),
    })
    .nullable(),
  /** Milliseconds to the first byte of the answer, or to the failure. */
  firstByteMs: z.number().nonnegative(),
  /** For https: when the certificate ends. */
  certificateExpiresAt: z.iso.datetime().nullable(),
});
export type HttpAnswer = z.infer<typeof HttpAnswer>;
