import { z } from 'zod';
import { nowOf, severityOf, timeOf, toAlert } from './alert-fields.js';
import { defineSource } from './define-source.js';
import { bearerOf, digestOf, isOneOf, signaturesOf, staleness, versionedSignatures } from './proof.js';

export const GENERIC_SIGNATURE = 'x-diag503-signature';
export const GENERIC_TIMESTAMP = 'x-diag503-timestamp';

const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-03-01T02:41:00Z' });

const Payload = z
  .strictObject({
    status: z.enum(['firing', 'resolved']),
    title: z.string().min(1).max(5_000),
    service: z.string().min(1).max(200).optional(),
    /** Of this delivery: the same again is not taken twice. */
    id: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be 1 to 100 of A-Z a-z 0-9 . _ -')
      .optional(),
    fingerprint: z.string().min(1).max(1_000).optional(),
    severity: z.enum(['info', 'warning', 'critical']).optional(),
    startsAt: time.optional(),
    endsAt: time.optional(),
    labels: z.record(z.string(), z.string()).default({}),
    link: z.string().max(5_000).optional(),
  })
  .refine(({ service, labels }) => service !== undefined || Object.keys(labels).length > 0, {
    error: 'needs a service or labels: by them it is known whose it is',
  });

/** Whatever can send a small JSON document: a cron job with curl. It signs time and body, or has a token. */
export const generic = defineSource({
  id: 'generic',
  title: 'Any sender',
  contentTypes: ['application/json'],
  refusedWith: 401,
  settings: (all) => all.generic,
  gate: ({ secrets, tokens }, world) => ({
    refuses(header) {
      if (header(GENERIC_SIGNATURE) === null) {
        const token = bearerOf(header('authorization'));
        return token !== null && isOneOf(token, tokens)
          ? null
          : 'its signature or token is missing, doubled or wrong';
      }
      if (secrets.length === 0) return 'it is signed, and we have no secret for signatures';
      if (versionedSignatures(header(GENERIC_SIGNATURE)) === null) return 'its signature is malformed';
      return staleness(header(GENERIC_TIMESTAMP), world.now());
    },
    prove({ header, body }) {
      if (header(GENERIC_SIGNATURE) === null) return { genuine: true, key: digestOf('bearer ', body) };
      const given = versionedSignatures(header(GENERIC_SIGNATURE)) ?? [];
      const signed = [`${header(GENERIC_TIMESTAMP) ?? ''}.`, body] as const;
      const ours = signaturesOf(secrets, ...signed);
      const matches = given.map((each) => isOneOf(each, ours));
      return matches.some((equal) => equal)
        ? { genuine: true, key: digestOf(...signed) }
        : { genuine: false, because: 'its signature is not by our secret' };
    },
  }),
  read(payload, world) {
    const { status, title, service, id, fingerprint, labels, ...more } = Payload.parse(payload);
    const named = service === undefined ? [] : [['service', service] as const];
    const alert = toAlert({
      source: 'generic',
      status,
      fingerprint: fingerprint ?? `${service ?? JSON.stringify(labels)} ${title}`,
      title,
      severity: severityOf(more.severity),
      startsAt: timeOf(more.startsAt) ?? nowOf(world),
      endsAt: timeOf(more.endsAt),
      labels: [
        ...named,
        ...Object.entries(labels).filter(([name]) => name !== 'service' || service === undefined),
      ],
      link: more.link,
    });
    return { alerts: [alert], ...(id === undefined ? {} : { key: id }) };
  },
});
