import { z } from 'zod';
import { SilenceLength } from '../../model/episode.js';
import type { MessageRef } from '../../store/messages.js';
import { actionIds } from '../action-ids.js';
import { noSilence, unknownRun } from '../views/private-answers.js';
import type { View } from '../views/view.js';
import type { ListenerNeeds } from './needs.js';
import { readStore } from './read-store.js';

type Picked = { actionId: string | undefined; value: string | undefined; user: string };

export const isSilence = (actionId: string | undefined): boolean =>
  actionId === actionIds.endSilence || lengthOf(actionId) !== undefined;

/** Whoever may run a diagnosis may silence it: the gate has let them through. Null: the headline says the rest. */
export async function silenceFrom(
  { alerts }: ListenerNeeds,
  { actionId, value, user }: Picked,
): Promise<View | null> {
  const incidentId = z.uuid().safeParse(value).data;
  if (incidentId === undefined || alerts === undefined) return unknownRun();
  const length = lengthOf(actionId);
  const changed: { messages: MessageRef[] } | null = await readStore(
    length === undefined
      ? alerts.silences.end(incidentId, user)
      : alerts.silences.begin(incidentId, user, length),
  );
  if (changed === null) return noSilence();
  alerts.post(changed.messages);
  return null;
}

const lengthOf = (actionId: string | undefined): SilenceLength | undefined =>
  SilenceLength.options.find((length) => actionIds.silence[length] === actionId);
