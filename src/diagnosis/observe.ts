import type { Observed } from '../checks/define-check.js';
import type { Reading, ReadReading, UnreadReading } from '../model/reading.js';
import type { Target } from '../model/target.js';
import { WORKER, type Probe } from '../probes/define-probe.js';
import { probes as allProbes, type FactName, type Facts } from '../probes/index.js';
import { byOurClock, clockOffsets } from './host-clocks.js';

export type ProbeRegistry = Readonly<Record<string, Probe>>;

/** What a run read, by the name of the fact. Order never depends on the order in which readings came in. */
export type Observations = {
  read(factName: string): readonly Observed<unknown>[];
  unread(factName: string): readonly UnreadReading[];
  /** Milliseconds that a host's clock is ahead of ours; undefined where it was not read. Facts are corrected already. */
  clockOffset(host: string): number | undefined;
};

/** A fact of one host; its probe's schema has parsed it. */
export const factOn = <N extends FactName>(seen: Observations, name: N, host: string): Facts[N] | undefined =>
  seen.read(name).find(({ target }) => target.kind === 'host' && target.name === host)?.fact as
    Facts[N] | undefined;

/** A stored fact is parsed again by its probe's schema: an old run may have been read by an older probe. */
export const observe = (readings: readonly Reading[], probes: ProbeRegistry = allProbes): Observations => {
  const read = new Map<string, Observed<unknown>[]>();
  const unread = new Map<string, UnreadReading[]>();
  const offsets = clockOffsets(readings);
  for (const [name, probe] of Object.entries(probes)) {
    const own = readings.filter(isOf(probe)).toSorted(byPlace);
    const parsed = own.map((reading) =>
      reading.status === 'read' ? parseAgain(reading, probe, offsets) : reading,
    );
    const facts = parsed.flatMap((item) => ('fact' in item ? [item] : []));
    read.set(name, fallsBack(probe) ? withoutStandIns(facts) : facts);
    unread.set(
      name,
      parsed.flatMap((item) => ('fact' in item ? [] : [item])),
    );
  }
  return {
    read: (name) => read.get(name) ?? [],
    unread: (name) => unread.get(name) ?? [],
    clockOffset: (host) => offsets.get(host),
  };
};

const isOf =
  (probe: Probe) =>
  (reading: Reading): boolean =>
    reading.probe === probe.id || (probe.kind === 'host' && reading.probe === probe.formerId);

const fallsBack = (probe: Probe): boolean => probe.kind === 'service' && probe.fallback === 'worker';

/**
 * The worker's own view stands in where no host could look. Beside what a host saw it says nothing of the service:
 * the worker may stand in another network, with other names.
 */
const withoutStandIns = (facts: readonly Observed<unknown>[]): Observed<unknown>[] =>
  facts.filter(
    ({ target, via }) =>
      via !== WORKER ||
      !facts.some(
        (other) =>
          other.via !== WORKER && other.target.kind === target.kind && other.target.name === target.name,
      ),
  );

const parseAgain = (
  reading: ReadReading,
  probe: Probe,
  offsets: ReadonlyMap<string, number>,
): Observed<unknown> | UnreadReading => {
  const { target, via, source, at } = reading;
  const parsed = probe.fact.safeParse(reading.fact);
  if (parsed.success) {
    const offsetMs = probe.kind === 'host' ? (offsets.get(via) ?? 0) : 0;
    const fact = offsetMs === 0 ? parsed.data : byOurClock(parsed.data, offsetMs);
    return { target, via, source, at, fact };
  }
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const { fact: _fact, ...rest } = reading;
  return {
    ...rest,
    status: 'unread',
    reason: 'malformed',
    detail: `the stored fact does not fit ${probe.id} any more (at ${where === '' ? 'its root' : where})`,
  };
};

const placeOf = ({ target, via }: { target: Target; via: string }): string =>
  `${target.kind}/${target.name}/${via}`;
const byPlace = (a: Reading, b: Reading): number =>
  placeOf(a).localeCompare(placeOf(b), 'en') || a.at.localeCompare(b.at, 'en');
