import { z } from 'zod';
import { actionIds } from './action-ids.js';
import type { ChangeNeeds } from './listeners/needs.js';

const CHANGES: readonly string[] = [
  actionIds.remediate,
  actionIds.approve,
  actionIds.deny,
  actionIds.keepDrained,
];

const Press = z.object({
  actions: z.array(z.object({ action_id: z.string(), value: z.string() })).length(1),
  channel: z.object({ id: z.string() }).optional(),
});

/** Whoever may not even ask leaves a row in the audit all the same, when it was a change that they pressed. */
export const auditRefusals =
  ({ audit, remediations }: ChangeNeeds['store']) =>
  async (body: unknown, user: string, because: string): Promise<void> => {
    const press = Press.safeParse(body).data;
    const [action] = press?.actions ?? [];
    if (action === undefined || !CHANGES.includes(action.action_id)) return;
    const id = z.uuid().safeParse(action.value.split(' ')[0]).data;
    const remediation = id === undefined ? null : await remediations.get(id);
    if (remediation === null) return;
    const { service, kind, plan } = remediation;
    const detail = { kind, label: plan.label, act: action.action_id, channel: press?.channel?.id, because };
    await audit.append({ event: 'refused', service, remediationId: remediation.id, actor: user, detail });
  };
