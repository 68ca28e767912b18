import type { BlockAction } from '@slack/bolt';
import { z } from 'zod';
import { NotAccepted } from '../../queue/request-run.js';
import type { Act } from '../../model/may-remediate.js';
import type { Remediation } from '../../model/remediation.js';
import { unknownRemediation } from '../views/remediation-answers.js';
import type { View } from '../views/view.js';
import type { ChangeNeeds, ListenerNeeds } from './needs.js';
import { readStore } from './read-store.js';
import { rightOf } from './right.js';

type By = { user: string; channel: string };
/** `value`: the id that the button holds. */
type Press = { value: string | undefined; by: By; act: Act };

/** The one way from a press to a change: the row that the button names, and the right of who pressed, asked now. */
export async function ifAllowed(
  needs: ListenerNeeds,
  changes: ChangeNeeds,
  { value, by, act }: Press,
  work: (remediation: Remediation, role: string) => Promise<View | null>,
): Promise<View | null> {
  const remediation = await byId(changes, value);
  if (remediation === null) return unknownRemediation();
  const right = await rightOf(needs, changes, remediation, by, act);
  if (!right.allowed) return right.view;
  try {
    return await work(remediation, right.role);
  } catch (cause) {
    if (cause instanceof NotAccepted) throw cause;
    // A commit whose answer was lost has counted.
    throw new NotAccepted(NOT_KNOWN, { cause });
  }
}

const NOT_KNOWN =
  'Something broke off in the middle: whether this press counted is not known. If it did, the thread says so within a minute; look there before you press again.';

export const whoPressed = ({ user, channel }: BlockAction): By => ({
  user: user.id,
  channel: channel?.id ?? '',
});

export async function byId(changes: ChangeNeeds, value: string | undefined): Promise<Remediation | null> {
  const id = z.uuid().safeParse(value).data;
  return id === undefined ? null : readStore(changes.store.remediations.get(id));
}
