import { z } from 'zod';
import { nowOf, severityOf, timeOf, toAlert } from './alert-fields.js';
import { defineSource } from './define-source.js';
import { isOneOf } from './proof.js';

export const DATADOG_TOKEN = 'x-diag503-token';

/** A variable that Datadog could not fill in stays as it was written. */
const text = (max: number) =>
  z
    .union([z.string().max(max), z.number().transform(String)])
    .transform((value) => (/^\$[A-Z_]+$/.test(value.trim()) ? '' : value.trim()))
    .default('');

/** The payload of docs/alerts.md: Datadog's is whatever its user writes. */
const Payload = z.strictObject({
  id: text(100).refine((id) => /^[A-Za-z0-9_-]{1,100}$/.test(id), 'must be $ID, the id of the event'),
  monitor: text(100).refine((id) => id !== '', 'must be $ALERT_ID, the id of the monitor'),
  scope: text(5_000),
  transition: text(50).refine((word) => word !== '', 'must be $ALERT_TRANSITION'),
  title: text(5_000),
  priority: text(20),
  type: text(20),
  date: text(20),
  tags: text(20_000),
  link: text(5_000),
});

const FIRING = /^(?:re-)?(?:triggered|no data|warn)$|^renotify$/i;
const RESOLVED = /^(?:(?:warn|no data) )?recovered$/i;

/** Datadog. It signs nothing: a long token in a header of its own, which stays out of URLs and their logs. */
export const datadog = defineSource({
  id: 'datadog',
  title: 'Datadog',
  contentTypes: ['application/json'],
  refusedWith: 401,
  settings: (all) => all.datadog,
  gate: ({ tokens }) => ({
    refuses: (header) =>
      isOneOf(header(DATADOG_TOKEN) ?? '', tokens) ? null : 'its token is missing, doubled or wrong',
    prove: () => ({ genuine: true, key: null }),
  }),
  read(payload, world) {
    const { id, monitor, scope, transition, title, priority, type, date, tags, link } =
      Payload.parse(payload);
    const status = FIRING.test(transition) ? 'firing' : RESOLVED.test(transition) ? 'resolved' : null;
    if (status === null) return { alerts: [], key: id, note: 'a transition by which nothing begins or ends' };
    const at = timeOf(/^[0-9]{10,14}$/.test(date) ? epochMs(date) : date) ?? nowOf(world);
    const alert = toAlert({
      source: 'datadog',
      status,
      fingerprint: `${monitor} ${scope}`.trim(),
      title,
      severity: severityOf(priority || (/warn/i.test(transition) ? 'warning' : type)),
      // Of one that ended it says when it ended, not when it began.
      startsAt: at,
      endsAt: at,
      labels: [['monitor', monitor], ['scope', scope], ...tagsOf(scope), ...tagsOf(tags)],
      link,
    });
    return { alerts: [alert], key: id };
  },
});

const epochMs = (digits: string): number => Number(digits) * (digits.length <= 10 ? 1_000 : 1);

/** `env:prod, service:api`: what has no colon is a tag without a name. */
const tagsOf = (tags: string): [string, string][] =>
  tags.split(',').flatMap((tag): [string, string][] => {
    const colon = tag.indexOf(':');
    return colon < 1 ? [] : [[tag.slice(0, colon).trim(), tag.slice(colon + 1).trim()]];
  });
