import { ExpressReceiver } from '@slack/bolt';
import type { Application, NextFunction, Request, Response } from 'express';
import { type Log, slackLogger } from './log.js';
import type { FirstSight } from './replay-guard.js';

export const SLACK_PATH = '/slack/events';
/** Slack's own payloads stay far below; Bolt's default of 4 MB would be read before the signature is checked. */
const BODY_LIMIT_BYTES = 256 * 1024;
/** Bolt refuses what is older; what claims to come from the future it would take. */
const WINDOW_SECONDS = 300;

type Options = { app: Application; signingSecret: string; firstSight: FirstSight; log: Log };

/** Slack over HTTP: signed, fresh on both sides of our clock, small, and each request once. */
export function createHttpIntake({ app, signingSecret, firstSight, log }: Options): ExpressReceiver {
  app.use(SLACK_PATH, plausible(log));
  return new OnceReceiver(
    { app, signingSecret, endpoints: SLACK_PATH, bodyLimit: BODY_LIMIT_BYTES, logger: slackLogger(log) },
    firstSight,
    log,
  );
}

/** What no signature can heal is refused before the body is read. */
const plausible = (log: Log) => (req: Request, res: Response, next: NextFunction) => {
  const refuse = (status: number, reason: string): void => {
    log.warn({ status, reason }, 'refused a request to the Slack endpoint');
    res.status(status).end();
  };
  const encoding = req.headers['content-encoding'] ?? 'identity';
  if (req.method !== 'POST') refuse(405, 'not a POST');
  else if (encoding !== 'identity') refuse(415, 'compressed');
  else if (!isFresh(req.headers['x-slack-request-timestamp']))
    refuse(401, 'its time is missing or too far from ours');
  else if (signatureOf(req) === null) refuse(401, 'its signature is missing or malformed');
  else next();
};

function isFresh(timestamp: string | string[] | undefined): boolean {
  if (typeof timestamp !== 'string' || !/^[0-9]{1,12}$/.test(timestamp)) return false;
  return Math.abs(Date.now() / 1000 - Number(timestamp)) <= WINDOW_SECONDS;
}

/** Two headers arrive joined by a comma and do not match. */
function signatureOf(req: Request): string | null {
  const signature = req.headers['x-slack-signature'];
  return typeof signature === 'string' && /^v0=[0-9a-f]{64}$/.test(signature) ? signature : null;
}

/** Bolt has verified the signature when it calls `requestHandler`: only then is it worth remembering. */
class OnceReceiver extends ExpressReceiver {
  readonly #firstSight: FirstSight;
  readonly #log: Log;

  constructor(options: ConstructorParameters<typeof ExpressReceiver>[0], firstSight: FirstSight, log: Log) {
    super(options);
    this.#firstSight = firstSight;
    this.#log = log;
  }

  override async requestHandler(req: Request, res: Response): Promise<void> {
    if (await this.#firstSight(`signature ${signatureOf(req) ?? ''}`)) return super.requestHandler(req, res);
    this.#log.warn({ status: 401 }, 'refused a replay of a signed request');
    res.status(401).end();
  }
}
