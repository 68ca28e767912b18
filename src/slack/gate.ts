import type { AnyMiddlewareArgs, Middleware, RespondFn } from '@slack/bolt';
import { z } from 'zod';
import { type Authorise, type Sender, senderOf } from './authorise.js';
import type { Log } from './log.js';
import type { FirstSight } from './replay-guard.js';
import { notAllowed } from './views/private-answers.js';

type Options = {
  authorise: Authorise;
  firstSight: FirstSight;
  log: Log;
  /** Before the person is told. */
  onRefused?: (body: unknown, user: string, reason: string) => Promise<void>;
};

/** Slack gives each typed command and each press one trigger, also when it delivers it twice. */
const Triggered = z.object({ trigger_id: z.string().min(1) });

/**
 * Before every listener: first the acknowledgement, for Slack waits three seconds; then what was delivered before is
 * dropped; then the person. Whoever may not ask is told why, in private, and no listener hears of it.
 */
export const createGate =
  ({ authorise, firstSight, log, onRefused }: Options): Middleware<AnyMiddlewareArgs> =>
  async (args) => {
    const note = noting(onRefused, log);
    if ('ack' in args && typeof args.ack === 'function') await args.ack();
    const trigger = Triggered.safeParse(args.body).data?.trigger_id;
    if (trigger !== undefined && !(await firstSight(`trigger ${trigger}`))) return;

    const sender = senderOf(args.body);
    const permission = sender
      ? await authorise(sender)
      : { allowed: false as const, reason: 'the request names no person of a workspace.' };
    if (permission.allowed) return args.next();
    log.warn({ user: sender?.user, teams: sender?.teams, reason: permission.reason }, 'refused a person');
    await note(args.body, sender, permission.reason);
    if ('respond' in args) await tell(args.respond, permission.reason, log);
  };

async function tell(respond: RespondFn, reason: string, log: Log): Promise<void> {
  const { text, blocks } = notAllowed(reason);
  await respond({ response_type: 'ephemeral', replace_original: false, text, blocks }).catch(
    (error: unknown) => {
      log.warn({ err: error }, 'a refusal did not reach its asker');
    },
  );
}

const noting =
  (onRefused: Options['onRefused'], log: Log) =>
  async (body: unknown, sender: Sender | null, reason: string): Promise<void> => {
    await onRefused?.(body, sender?.user ?? 'nobody', reason).catch((error: unknown) => {
      log.error({ err: error }, 'a refusal is not in the audit');
    });
  };
