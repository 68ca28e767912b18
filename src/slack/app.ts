import { setTimeout as sleep } from 'node:timers/promises';
import { App, type Receiver } from '@slack/bolt';
import type { WebClient, WebClientOptions } from '@slack/web-api';
import type { Application } from 'express';
import pRetry, { AbortError } from 'p-retry';
import type { SlackSettings } from '../config/env.js';
import type { SeenRequestStore } from '../store/seen-requests.js';
import { auditRefusals } from './audit-refusals.js';
import { createAuthorise } from './authorise.js';
import { createMayAnswerIn } from './channel-permission.js';
import { createGate } from './gate.js';
import { createHttpIntake } from './http-intake.js';
import { registerListeners } from './listeners/register.js';
import type { ChangeNeeds, ListenerNeeds } from './listeners/needs.js';
import { slackLogger } from './log.js';
import { createReadPerson, createReadPlace } from './read-person.js';
import { createReplayGuard, type FirstSight } from './replay-guard.js';
import { slackFailure } from './slack-failure.js';
import { createSocketIntake } from './socket-intake.js';
import { createWebClient, webClientOptions } from './web-client.js';

type Options = Omit<ListenerNeeds, 'mayAnswerIn' | 'changes'> & {
  changes?: Pick<ChangeNeeds, 'store' | 'requests'>;
  slack: SlackSettings;
  /** HTTP mode: where Slack's route is added. */
  http: Application;
  seenRequests?: SeenRequestStore | undefined;
  /** The connection to Slack is lost for good, as far as this process can tell. */
  onLost: (reason: string) => void;
};

export type SlackApp = {
  readonly client: WebClient;
  /** Rejects when Slack does not take the bot's token. */
  start(): Promise<void>;
  stop(): Promise<void>;
  isConnected(): boolean;
};

type Identity = { teamId: string; botId: string; botUserId: string };
type Intake = { receiver: Receiver } & Omit<SlackApp, 'client'>;

const RESPOND_MS = 5_000;
/** What is being answered when the bot stops may end: a request for a run takes 1.8 s at most. */
const FINISH_MS = 3_000;

/** The Slack side of the bot: hears commands and buttons, and answers in private. Posting is the worker's business. */
export function createSlackApp(options: Options): SlackApp {
  const { slack, log } = options;
  const client = createWebClient(slack, log);
  const firstSight = createReplayGuard({ seenRequests: options.seenRequests, log });
  const { receiver, ...intake } = createIntake(options, firstSight);
  let identity: Identity | null = null;

  const app = new App({
    receiver,
    // Asked of Slack once, at the start: asked at the first command, a slow answer would cost its acknowledgement.
    authorize: () => Promise.resolve({ botToken: slack.botToken, ...identity }),
    convoStore: false,
    logger: slackLogger(log),
    clientOptions: { ...webClientOptions(slack.apiUrl, log), fetch: fetchWithin(RESPOND_MS) },
  });
  app.error((error) => {
    log.error({ err: error }, 'a listener failed');
    return Promise.resolve();
  });
  const authorise = createAuthorise({ client, homeTeam: () => identity?.teamId ?? '' });
  const inHand = new Set<Promise<void>>();
  app.use((args) => {
    const handled = args.next().finally(() => inHand.delete(handled));
    inHand.add(handled);
    return handled;
  });
  const { changes, ...needs } = options;
  const onRefused = changes === undefined ? {} : { onRefused: auditRefusals(changes.store) };
  app.use(createGate({ authorise, firstSight, log, ...onRefused }));
  const people = {
    readPerson: createReadPerson({ client, homeTeam: () => identity?.teamId ?? '' }),
    readPlace: createReadPlace({ client }),
  };
  registerListeners(app, {
    ...needs,
    ...(changes === undefined ? {} : { changes: { ...changes, ...people } }),
    mayAnswerIn: createMayAnswerIn({ client }),
  });

  return {
    client,
    isConnected: () => identity !== null && intake.isConnected(),
    async start() {
      identity = await whoAmI(client);
      await intake.start();
    },
    async stop() {
      await intake.stop();
      await Promise.race([Promise.allSettled(inHand), sleep(FINISH_MS, undefined, { ref: false })]);
    },
  };
}

function createIntake({ slack, http, log, onLost }: Options, firstSight: FirstSight): Intake {
  if (slack.mode === 'socket') return createSocketIntake({ ...slack, log, onLost });
  const receiver = createHttpIntake({ app: http, signingSecret: slack.signingSecret, firstSight, log });
  const nothing = (): Promise<void> => Promise.resolve(); // the bot's server starts and stops
  return { receiver, start: nothing, stop: nothing, isConnected: () => true };
}

/** A token that Slack refuses is not tried again; a Slack that is away for a moment is. */
async function whoAmI(client: WebClient): Promise<Identity> {
  const ask = async (): Promise<Identity> => {
    const {
      team_id: teamId,
      bot_id: botId,
      user_id: botUserId,
    } = await client.auth.test().catch((error: unknown) => {
      const failure = slackFailure(error);
      if (failure?.kind !== 'permanent') throw error;
      throw new AbortError(
        `SLACK_BOT_TOKEN: ${failure.reason}; is it the bot token (xoxb-…) of the installed app?`,
      );
    });
    if (teamId !== undefined && botId !== undefined && botUserId !== undefined)
      return { teamId, botId, botUserId };
    throw new AbortError('SLACK_BOT_TOKEN: Slack says that it is not the token of a bot (xoxb-…)');
  };
  return pRetry(ask, { retries: 4, minTimeout: 500, maxTimeout: 5_000 });
}

/** Bolt's `respond` has no time limit of its own. */
const fetchWithin =
  (ms: number): NonNullable<WebClientOptions['fetch']> =>
  (url, init) =>
    fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(ms) });
