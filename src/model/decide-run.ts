import type { AlertSeverity, ServiceAlert } from './alert.js';
import { isGraver, QUIET_FROM_FLAP } from './episode.js';
import type { RunReason } from './incident.js';

/** What is known at the moment of an alert. */
export type Standing = {
  now: number;
  /** The same alert as it was heard last. */
  known: { isFiring: boolean; startsAt: string; resolvedUpTo: string | null } | null;
  /** The incident that it would belong to: the open one, or one that is closed for too short a time to be over. */
  incident: {
    id: string;
    isOpen: boolean;
    /** The gravest of this episode; null: no alert has fired in it. */
    severity: AlertSeverity | null;
    flaps: number;
    /** Alerts that fire in it besides this one. */
    othersFiring: number;
    lastRunAt: string | null;
    /** When a change was last tried. */
    triedAt: string | null;
  } | null;
  silence: { until: string | null; severity: AlertSeverity | null; by: string } | null;
  hasUnfinishedRun: boolean;
  /** End of the window that is open now. */
  maintenanceUntil: string | null;
  hasChannel: boolean;
  lookAgainMinutes: number;
};

/** `held`: it is kept without an incident, and looked at again when what holds it has passed. */
export type Decision = {
  incident: 'none' | 'held' | 'joined' | 'reopened' | 'opened';
  counts: boolean;
  run: RunReason | null;
  resolves: boolean;
  endsSilence: boolean;
  because: string;
};

/** Somebody who looked this long ago has seen what the first alert tells. */
const JUST_LOOKED_MS = 60_000;

const counted: Decision = {
  ...{ incident: 'joined', counts: true, run: null, resolves: false, endsSilence: false, because: '' },
};
const ignored = (because: string): Decision => ({ ...counted, incident: 'none', counts: false, because });

/** The one place that decides what an alert does: `accept` obeys it, `explain` shows it. */
export const decideRun = (alert: ServiceAlert, standing: Standing): Decision =>
  alert.status === 'resolved' ? decideResolved(alert, standing) : decideFiring(alert, standing);

function decideResolved(
  { startsAt, endsAt }: ServiceAlert,
  { known, incident, hasUnfinishedRun }: Standing,
): Decision {
  if (known?.isFiring !== true) return ignored('it was not firing');
  if (Date.parse(endsAt ?? startsAt) < Date.parse(known.startsAt))
    return ignored('it is about an earlier time than the one that fires now');
  if (incident?.isOpen !== true) return { ...ignored('it resolved before it was looked at'), resolves: true };
  const { othersFiring, flaps } = incident;
  const quiet: Decision = { ...counted, counts: false, resolves: true };
  if (othersFiring > 0) return { ...quiet, because: `others of its incident still fire: ${othersFiring}` };
  const all = 'all alerts of its incident are resolved';
  if (flaps >= QUIET_FROM_FLAP) return { ...quiet, because: `${all}; it alternates, so nobody looks again` };
  if (hasUnfinishedRun) return { ...quiet, because: `${all}; the look that is under way comes first` };
  return { ...quiet, run: 'resolved', because: `${all}: one more look confirms it` };
}

function decideFiring(alert: ServiceAlert, standing: Standing): Decision {
  const { incident, silence } = standing;
  const held = whatHolds(alert, standing);
  if (held !== null) return held;
  const where = incident === null ? 'opened' : incident.isOpen ? 'joined' : 'reopened';
  if (silence === null) return { ...counted, incident: where, ...newsOf(alert, standing) };
  if (isGraver(alert.severity, silence.severity))
    return { ...counted, incident: where, endsSilence: true, ...newsOf(alert, standing) };
  const end = silence.until === null ? 'until it resolves' : `until ${silence.until}`;
  return { ...counted, incident: where, because: `silenced by ${silence.by} ${end}` };
}

/** Before anybody asks what is new. Null: nothing. */
function whatHolds({ startsAt }: ServiceAlert, standing: Standing): Decision | null {
  const { known, incident, maintenanceUntil, hasChannel } = standing;
  const upTo = known?.resolvedUpTo ?? null;
  if (upTo !== null && Date.parse(startsAt) <= Date.parse(upTo))
    return ignored(`it is late: what began at ${startsAt} is resolved already`);
  if (!hasChannel) {
    const because = 'its service has no channel, and there is no OPS_CHANNEL';
    return { ...counted, incident: 'held', because };
  }
  if (maintenanceUntil === null) return null;
  const because = `maintenance until ${maintenanceUntil}`;
  return { ...counted, incident: incident?.isOpen === true ? 'joined' : 'held', because };
}

type News = Pick<Decision, 'run' | 'because'>;

function newsOf(alert: ServiceAlert, { now, incident, known, ...standing }: Standing): News {
  const news = (run: RunReason, because: string): News =>
    standing.hasUnfinishedRun
      ? { run: null, because: `${because}; a run is on its way already` }
      : { run, because };
  if (incident === null) return news('first-alert', 'first alert of the episode');
  const { severity, lastRunAt, triedAt } = incident;
  const ago = now - timeOf(lastRunAt);
  if (!incident.isOpen) return reopened(incident.flaps + 1, news);
  if (severity === null && ago < JUST_LOOKED_MS)
    return { run: null, because: 'first alert of the episode; somebody has just looked' };
  if (severity === null) return news('first-alert', 'first alert of the episode');
  if (isGraver(alert.severity, severity))
    return news('severity-raised', `severity raised from ${severity} to ${alert.severity}`);
  if (isAfter(triedAt, lastRunAt)) return news('remediation-tried', 'a change was tried since the last run');
  if (ago >= standing.lookAgainMinutes * 60_000)
    return news('still-firing', `still firing ${standing.lookAgainMinutes} min after the last run`);
  return { run: null, because: sameOrOther(known) };
}

const sameOrOther = (known: Standing['known']): string =>
  known?.isFiring === true ? 'the same alert again' : 'another alert of the same service';

const reopened = (flaps: number, news: (run: RunReason, because: string) => News): News =>
  flaps >= QUIET_FROM_FLAP
    ? { run: null, because: `it fires again, ${flaps} times by now: it alternates` }
    : news('first-alert', 'it fires again: its thread goes on');

const timeOf = (at: string | null): number => (at === null ? -Infinity : Date.parse(at));
const isAfter = (at: string | null, other: string | null): boolean => timeOf(at) > timeOf(other);
