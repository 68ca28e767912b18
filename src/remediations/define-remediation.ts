import type { RemediationId } from '../model/cause.js';
import { changesBetween, type Plan } from '../model/plan.js';
import { serviceDigest } from '../model/service-digest.js';
import type { Probe } from '../probes/define-probe.js';
import type { World } from './world.js';

/** A plan without what every plan has; or why there is none. */
export type Draft =
  | { fits: true; plan: Omit<Plan, 'remediation' | 'serviceDigest' | 'fingerprint'> }
  | { fits: false; because: string };

/**
 * One safe change. Pure: it says what would be done, and what that rests on; doing it is the business of `apply-plan`,
 * step by step as the plan says, whatever the change is.
 */
export type RemediationKind = {
  readonly id: RemediationId;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly purpose: string;
  /** What is read again before it begins. */
  readonly reads: Readonly<Record<string, Probe>>;
  draft(world: World): Draft;
  /** What must be as it was: "unit on host" and its state. */
  fingerprint(world: World): Plan['fingerprint'];
  /** Why it must not begin although it was planned; null: go. Left out: what `fingerprint` says has changed. */
  moved?(plan: Plan, world: World): string | null;
};

export const defineRemediation = (kind: RemediationKind): RemediationKind => kind;

export { serviceDigest } from '../model/service-digest.js';

export function planOf(
  kind: RemediationKind,
  world: World,
): { fits: true; plan: Plan } | Extract<Draft, { fits: false }> {
  const draft = kind.draft(world);
  if (!draft.fits) return draft;
  const plan = {
    ...draft.plan,
    remediation: kind.id,
    fingerprint: kind.fingerprint(world),
    serviceDigest: serviceDigest(world.service, world.around),
  };
  return { fits: true, plan };
}

export function movedSince(kind: RemediationKind, plan: Plan, world: World): string | null {
  if (kind.moved) return kind.moved(plan, world);
  const changes = changesBetween(plan.fingerprint, kind.fingerprint(world));
  return changes.length === 0 ? null : changes.slice(0, 3).join('; ');
}
