import { z } from 'zod';
import { isGraver } from '../model/episode.js';
import type { AlertSeverity } from '../model/alert.js';
import { nowOf, severityOf, timeOf, toAlert } from './alert-fields.js';
import { defineSource } from './define-source.js';
import { isOneOf, signaturesOf, versionedSignatures, WINDOW_MS } from './proof.js';

export const PAGERDUTY_SIGNATURE = 'x-pagerduty-signature';

/** Its own redeliveries end sooner; what is older than this was kept by somebody. */
const MAX_AGE_MS = 48 * 3_600_000;

const Event = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be the id of an event'),
  event_type: z.string().min(1).max(100),
  resource_type: z.string().max(100),
  occurred_at: z.iso.datetime({ offset: true }),
  data: z.unknown(),
});
const Payload = z.object({ event: Event });

const Incident = z.object({
  id: z.string().min(1).max(100),
  html_url: z.string().optional(),
  incident_key: z.string().max(1_000).nullish(),
  created_at: z.string().optional(),
  /** Null, or not there: it was not. */
  reopened_at: z.string().nullish(),
  title: z.string().default(''),
  /** `triggered`, `acknowledged` or `resolved`. */
  status: z.string().nullish(),
  urgency: z.string().nullish(),
  priority: z.object({ summary: z.string().nullish() }).nullish(),
  service: z.object({ id: z.string().min(1).max(100), summary: z.string().nullish() }),
});

type Incident = z.infer<typeof Incident>;

const STATUS: ReadonlyMap<string, 'firing' | 'resolved'> = new Map([
  ['incident.triggered', 'firing'],
  ['incident.reopened', 'firing'],
  ['incident.priority_updated', 'firing'],
  ['incident.resolved', 'resolved'],
]);

/**
 * PagerDuty's webhooks, version 3. What is signed is the body alone, without a time of sending: the event's id tells a
 * second delivery from a first, and its own time ends how long it can be sent again.
 */
export const pagerduty = defineSource({
  id: 'pagerduty',
  title: 'PagerDuty',
  contentTypes: ['application/json'],
  refusedWith: 403, // it takes 400 and 403 as final, and would send the same again after a 401
  settings: (all) => all.pagerduty,
  gate: ({ secrets }, world) => ({
    refuses: (header) =>
      versionedSignatures(header(PAGERDUTY_SIGNATURE)) === null
        ? 'its signature is missing, doubled or malformed'
        : null,
    prove({ header, body, json }) {
      const given = versionedSignatures(header(PAGERDUTY_SIGNATURE)) ?? [];
      const ours = signaturesOf(secrets, body);
      const matches = given.map((each) => isOneOf(each, ours));
      if (!matches.some((equal) => equal))
        return { genuine: false, because: 'none of its signatures is by our secret' };
      const occurred = Payload.safeParse(json()).data?.event.occurred_at;
      const age = world.now() - Date.parse(occurred ?? '');
      return age > MAX_AGE_MS || age < -WINDOW_MS
        ? { genuine: false, because: 'its event is too far from our time' }
        : { genuine: true, key: null };
    },
  }),
  read(payload, world) {
    const { event } = Payload.parse(payload);
    const status = STATUS.get(event.event_type);
    const nothing = { alerts: [], key: event.id, note: 'an event by which nothing begins or ends' };
    if (status === undefined || event.resource_type !== 'incident') return nothing;
    const occurred = timeOf(event.occurred_at);
    const incident = Incident.parse(event.data);
    // One that is over may still get another priority.
    if (status === 'firing' && incident.status === 'resolved') return nothing;
    const { service, incident_key: dedupe, priority, urgency } = incident;
    const labels: [string, string | null | undefined][] = [
      ['service', service.summary],
      ['service_id', service.id],
      ['urgency', urgency],
      ['priority', priority?.summary],
      ['incident_key', dedupe],
    ];
    const alert = toAlert({
      source: 'pagerduty',
      status,
      fingerprint: `${service.id} ${dedupe ?? incident.id}`,
      title: incident.title,
      severity: severityIn(incident),
      startsAt: beginOf(incident, event.event_type) ?? occurred ?? nowOf(world),
      endsAt: occurred,
      labels: labels.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
      link: incident.html_url,
    });
    return { alerts: [alert], key: event.id };
  },
});

/** An incident keeps the time of its creation when it is reopened: by that it would seem to be resolved already. */
const beginOf = ({ created_at, reopened_at }: Incident, type: string): string | null =>
  timeOf(reopened_at) ?? (type === 'incident.reopened' ? null : timeOf(created_at));

/** The graver of both: a priority is what people said of it, the urgency what its service says of all. */
function severityIn({ urgency, priority }: Incident): AlertSeverity {
  const byUrgency = urgency === 'high' ? 'critical' : 'warning';
  const byPriority = severityOf(priority?.summary);
  return isGraver(byPriority, byUrgency) ? byPriority : byUrgency;
}
