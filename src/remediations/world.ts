import type { z } from 'zod';
import type { RemediationId } from '../model/cause.js';
import type { Reading } from '../model/reading.js';
import type { Around } from '../model/service-digest.js';
import type { RemediationRule, Service } from '../model/service.js';
import type { Finding } from '../model/finding.js';
import type { Verdict } from '../model/verdict.js';

/** What a plan is made of: the inventory, what the run found, and what it read. */
export type World = {
  readonly service: Service;
  /** Left out: the inventory says no more about its hosts and roles. */
  readonly around?: Around;
  readonly rule: RemediationRule;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly readings: readonly Reading[];
};

/** The fact that a probe read about a host, balancer or dependency; null where it could not. */
export function factOf<Fact extends z.ZodType>(
  { readings }: Pick<World, 'readings'>,
  probe: { readonly id: string; readonly fact: Fact },
  target?: string,
): z.output<Fact> | null {
  for (const reading of readings) {
    if (reading.probe !== probe.id || reading.status !== 'read') continue;
    if (target !== undefined && reading.target.name !== target) continue;
    const parsed = probe.fact.safeParse(reading.fact);
    if (parsed.success) return parsed.data;
  }
  return null;
}

/**
 * The hosts on which the root asks for this change, else those on which another finding does, else all: what is merely
 * true beside the root (a busy machine under a host that hangs) makes no other host a sick one.
 */
export function hostsFor({ service, verdict, findings }: World, id: RemediationId): string[] {
  const asking = findings.filter(
    ({ remediations, target }) => remediations.includes(id) && target.kind === 'host',
  );
  const root = asking.filter(({ check }) => check === verdict.chain[0]?.check);
  const named = new Set((root.length > 0 ? root : asking).map(({ target }) => target.name));
  const own = service.hosts.filter((host) => named.has(host));
  return own.length > 0 ? own : [...service.hosts];
}
