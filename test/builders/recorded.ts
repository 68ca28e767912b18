import { readFileSync } from 'node:fs';
import type { Service } from '../../src/model/service.js';
import type { HostProbe, Probe } from '../../src/probes/define-probe.js';
import { probes, type FactName, type Facts } from '../../src/probes/index.js';
import { service as anyService } from '../helpers/service.js';

/** Output of a probe's snippet as `npm run capture` recorded it on a real host. */
export const fixture = (probeId: string, name: string): string =>
  readFileSync(new URL(`../fixtures/${probeId}/debian-12-${name}.txt`, import.meta.url), 'utf8');

export const hostProbe = (name: FactName): HostProbe => {
  const probe: Probe = probes[name];
  if (probe.kind !== 'host') throw new Error(`${name} is no host probe`);
  return probe;
};

/** Parses output as the collector does, through the probe's own schema. */
export const parseOutput = (
  name: FactName,
  stdout: string,
  exitCode = 0,
  service: Service = anyService(),
): unknown => {
  const probe = hostProbe(name);
  return probe.fact.parse(probe.parse({ stdout, exitCode }, service));
};

/** The fact of a recorded output. */
export const recorded = <N extends FactName>(name: N, caseName: string, service?: Service): Facts[N] =>
  parseOutput(name, fixture(hostProbe(name).id, caseName), 0, service) as Facts[N];
