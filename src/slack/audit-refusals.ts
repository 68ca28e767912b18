import { z } from 'zod';
import { actionIds, unnumbered, viewIds } from './action-ids.js';
import type { ChangeNeeds } from './listeners/needs.js';

const CHANGES: readonly string[] = [
  actionIds.remediate,
  actionIds.approve,
  actionIds.deny,
  actionIds.keepDrained,
  actionIds.breakGlass,
  viewIds.breakGlass,
];

type Press = { act: string; id: string; channel: string | undefined };

const Button = z
  .object({ action_id: z.string(), value: z.string() })
  .transform(({ action_id, value }) => ({ act: unnumbered(action_id), id: value.split(' ')[0] ?? '' }));
/** Its option names the act and the id. */
const MenuChoice = z.object({ selected_option: z.object({ value: z.string() }) }).transform((choice) => {
  const [act = '', id = ''] = choice.selected_option.value.split(' ');
  return { act, id };
});
const Pressed = z
  .object({
    actions: z.tuple([z.union([Button, MenuChoice])]),
    channel: z.object({ id: z.string() }).optional(),
  })
  .transform(({ actions: [action], channel }): Press => ({ ...action, channel: channel?.id }));
const Submitted = z
  .object({ view: z.object({ callback_id: z.string(), private_metadata: z.string() }) })
  .transform(({ view }): Press => {
    const about = z.object({ id: z.string(), channel: z.string() }).safeParse(jsonOf(view.private_metadata));
    return { act: view.callback_id, id: about.data?.id ?? '', channel: about.data?.channel };
  });
const AnyPress = z.union([Pressed, Submitted]);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not a form of ours
  }
}

/** Whoever may not even ask leaves a row in the audit all the same, when it was a change that they pressed. */
export const auditRefusals =
  ({ audit, remediations }: ChangeNeeds['store']) =>
  async (body: unknown, user: string, because: string): Promise<void> => {
    const press = AnyPress.safeParse(body).data;
    if (press === undefined || !CHANGES.includes(press.act)) return;
    const id = z.uuid().safeParse(press.id).data;
    const remediation = id === undefined ? null : await remediations.get(id);
    if (remediation === null) return;
    const { service, kind, plan } = remediation;
    const detail = { kind, label: plan.label, act: press.act, channel: press.channel, because };
    await audit.append({ event: 'refused', service, remediationId: remediation.id, actor: user, detail });
  };
