import { nameStartupError } from '../checks/startup-errors.js';
import type { Finding } from '../model/finding.js';
import { textOf } from './case.js';
import type { When } from './causal-rules.js';
import type { HostAnswer, Sightings } from './sightings.js';

/** 2.2: another program has the port, so the unit cannot start; what answers there says nothing of the service. */
const findsPortTaken = (finding: Finding): boolean =>
  DOES_NOT_START.has(finding.check) &&
  finding.confidence !== 'possible' &&
  nameStartupError(textOf(finding).split('\n'))?.kind === 'port-in-use';
const DOES_NOT_START: ReadonlySet<string> = new Set(['unit-crash-looping', 'unit-failed']);

/** 2.2: what answers is another program: that it does not know the health page is no matter of the page. */
export const portIsTaken: When = (_given, _downstream, upstream) =>
  upstream !== null && findsPortTaken(upstream);

/** An old process of the service itself, which still serves and knows its health page, is no stranger. */
export const withoutStrangers = (seen: Sightings, findings: readonly Finding[]): Sightings => {
  const taken = new Set(findings.filter(findsPortTaken).map(({ target }) => target.name));
  const known = new Set(seen.health.flatMap(({ host, answer }) => (answer.status === 200 ? [host] : [])));
  const heard = (item: HostAnswer): HostAnswer =>
    taken.has(item.host) && !known.has(item.host) ? { ...item, answer: unheard(item) } : item;
  return { ...seen, app: seen.app.map(heard), health: seen.health.map(heard) };
};

const unheard = ({ answer }: HostAnswer): HostAnswer['answer'] => ({
  ...answer,
  status: null,
  reasonPhrase: null,
  headers: {},
  body: '',
  failure: { rung: 'tcp', kind: 'refused', message: 'another program answers on this port' },
});
