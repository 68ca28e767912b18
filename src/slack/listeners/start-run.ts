import type { Service } from '../../model/service.js';
import { NotAccepted } from '../../queue/request-run.js';
import { alreadyLooking, notAccepted, notAllowed, threadElsewhere } from '../views/private-answers.js';
import type { View } from '../views/view.js';
import type { ListenerNeeds } from './needs.js';

type Ask = {
  service: Service;
  /** Where the person is. `name` is without `#`. */
  channel: { id: string; name?: string | undefined };
  user: string;
  kind: 'slash' | 'again';
  incidentId?: string;
};

/** Null: its headline in this very channel is the answer. */
export async function startRun({ requestRun, mayAnswerIn }: ListenerNeeds, ask: Ask): Promise<View | null> {
  const { service, channel, user, kind, incidentId } = ask;
  if (service.channel === undefined) {
    const permission = await mayAnswerIn(channel.id);
    if (!permission.allowed) return notAllowed(permission.reason);
  }
  try {
    const accepted = await requestRun({
      service,
      channel: service.channel ?? channel.id,
      origin: { kind, user },
      incidentId,
    });
    const { incident, run } = accepted;
    if (accepted.kind === 'joined') return alreadyLooking(run, incident.channel);
    const isHere = incident.channel === channel.id || incident.channel === `#${channel.name ?? ''}`;
    return isHere ? null : threadElsewhere(service.name, incident.channel);
  } catch (error) {
    if (error instanceof NotAccepted) return notAccepted(service.name, error.message);
    throw error;
  }
}
