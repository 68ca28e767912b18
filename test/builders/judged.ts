import type { Check } from '../../src/checks/define-check.js';
import type { Service } from '../../src/model/service.js';
import type { FactName, Facts } from '../../src/probes/index.js';
import { service as anyService } from '../helpers/service.js';
import { outcomeOf, reading } from './readings.js';

/** What a check says about facts of one host. */
export const judged = (
  check: Check,
  facts: Partial<Facts>,
  { service = anyService(), now = '2026-11-22T10:44:00.000Z' }: { service?: Service; now?: string } = {},
): Record<string, unknown> => {
  const names = Object.keys(facts) as FactName[];
  const readings = names.flatMap((name) => {
    const fact = facts[name];
    return fact === undefined ? [] : [reading(name, fact, { kind: 'host', name: 'local' })];
  });
  return flat(outcomeOf(check, service, readings, now));
};

/** A finding and its status side by side, as the check itself says it. */
export const flat = (outcome: ReturnType<typeof outcomeOf>): Record<string, unknown> =>
  outcome.status === 'failed' ? { ...outcome.finding, status: outcome.status } : { ...outcome };
