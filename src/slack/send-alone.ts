import type { Message } from '../model/incident.js';
import type { Inventory } from '../model/service.js';
import { sharedRoot } from '../model/shared-root.js';
import type { Store } from '../store/store.js';
import { type Sending, sendToChannel, type Sent } from './send-message.js';
import { stormSummary } from './views/storm-summary.js';
import { unmatchedNote } from './views/unmatched-note.js';
import type { View } from './views/view.js';

type Needs = { store: Pick<Store, 'alerts'>; inventory: Inventory };

/** Stands in a channel without an incident. */
export const isAlone = ({ kind }: Message): boolean => kind === 'storm' || kind === 'unmatched';

export async function sendAlone(needs: Needs, sending: Sending): Promise<Sent> {
  const { message } = sending;
  const view =
    message.kind === 'storm'
      ? await ofStorm(needs, message.stormId ?? '')
      : unmatchedNote(await needs.store.alerts.unmatched(24));
  return sendToChannel(sending, view, message.createdAt);
}

async function ofStorm({ store, inventory }: Needs, id: string): Promise<View> {
  const storm = await store.alerts.storm(id);
  if (storm === null) throw new Error('its storm is no longer known');
  const { beganAt } = storm;
  const verdicts = storm.services.filter(({ status }) => status !== null);
  const services = storm.services.map(({ service, isOpen, status }) => ({
    ...{ service, isOpen, isLookedAt: status !== null },
  }));
  return stormSummary({ beganAt, services, shared: sharedRoot(verdicts, inventory.services) });
}
