import { type Act, mayRemediate } from '../../model/may-remediate.js';
import type { Remediation } from '../../model/remediation.js';
import type { Role } from '../../model/service.js';
import { notYours } from '../views/remediation-answers.js';
import type { View } from '../views/view.js';
import type { ChangeNeeds, ListenerNeeds } from './needs.js';

type By = { user: string; channel: string };
export type Answer = { allowed: true; role: string } | { allowed: false; view: View };

/** Asked at the press, of that person, in that place. A refusal is written down before it is said. */
export async function rightOf(
  needs: ListenerNeeds,
  changes: ChangeNeeds,
  remediation: Remediation,
  { user, channel }: By,
  act: Act,
): Promise<Answer> {
  const { inventory } = needs;
  const roles: ReadonlyMap<string, Role> = inventory.roles ?? new Map<string, Role>();
  const rule = inventory.services.get(remediation.service)?.remediations[remediation.kind];
  const named = [...(rule?.allow ?? []), ...(rule?.approve ?? [])];
  const groups = new Set(named.flatMap((role) => roles.get(role)?.groups ?? []));
  const [person, place] = await Promise.all([
    changes.readPerson(user, [...groups]),
    changes.readPlace(channel),
  ]);
  const right = mayRemediate({ person, place, act, rule, roles });
  if (right.allowed) return right;
  const { id, service, kind, plan } = remediation;
  await changes.store.audit.append({
    event: 'refused',
    service,
    remediationId: id,
    actor: user,
    detail: { kind, label: plan.label, act, channel, person: person.kind, place, because: right.reason },
  });
  return { allowed: false, view: notYours(remediation, right.reason, right.roles, roles) };
}
