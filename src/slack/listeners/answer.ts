import { NotAccepted } from '../../queue/request-run.js';
import type { Log } from '../log.js';
import type { View } from '../views/view.js';
import { notNow, wentWrong } from '../views/private-answers.js';

/** Bolt's `respond`, or what does the same where there is none. */
export type Respond = (
  message: View & { response_type: 'ephemeral'; replace_original: boolean },
) => Promise<unknown>;

type Needs = { respond: Respond; log: Log; replace?: boolean };

/** Tells the asker, and only the asker, what `work` has to say; silence is an answer too. */
export async function answer(
  { respond, log, replace = false }: Needs,
  work: () => Promise<View | null>,
): Promise<void> {
  const say = async (view: View): Promise<void> => {
    const { text, blocks } = view;
    await respond({ response_type: 'ephemeral', replace_original: replace, text, blocks }).catch(
      (error: unknown) => {
        log.warn({ err: error }, 'a private answer did not reach its asker');
      },
    );
  };
  try {
    const view = await work();
    if (view) await say(view);
  } catch (error) {
    if (error instanceof NotAccepted) {
      log.warn({ err: error }, 'could not answer');
      return say(notNow(error.message));
    }
    await say(wentWrong());
    throw error; // for app.error, which logs it
  }
}
