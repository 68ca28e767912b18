import type { IncomingMessage } from 'node:http';
import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Logger } from 'pino';
import type { AlertSourceKind, Gate, Header, RawDelivery, World } from '../alerts/define-source.js';
import { alertSources } from '../alerts/index.js';
import { parseBody } from '../alerts/parse-json.js';
import { type Answer, receiveAlerts } from '../alerts/receive-alerts.js';
import type { AlertSettings } from '../config/alert-settings.js';
import { calmly } from '../logger.js';
import type { AlertIntake } from '../model/alert.js';
import type { Inventory } from '../model/service.js';
import { STORE_WITHIN_MS } from '../queue/alert-intake.js';
import { type Admission, createAdmission } from './admission.js';
import { ALERTS_PATH } from './alerts-path.js';
import { inTime } from './in-time.js';
import { type BodyLimits, readBody } from './read-body.js';

/** Alertmanager's groups stay far below. */
const BODY: BodyLimits = { maxBytes: 1024 * 1024, withinMs: 5_000 };
/** Of each source, so that one that floods leaves the others their place. */
const IN_HAND = { bodies: 200, bytes: 16 * 1024 * 1024 };

/** What is left of a body that is not wanted may come for this long, and is thrown away. */
const LEFTOVER_MS = 1_000;

type Options = {
  settings: AlertSettings;
  inventory: Inventory;
  intake: AlertIntake;
  world: World;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  limits?: { bodyMs?: number; storeMs?: number; bodies?: number };
};
type Entry = { kind: AlertSourceKind; gate: Gate; admission: Admission };

/**
 * `/alerts/<source>` for each source that has a secret; any other is not there. Success means stored. What cannot be
 * stored now is answered 503 and never 429: Alertmanager drops what gets a 429, and sends again what gets a 503.
 */
export function alertsRouter(options: Options): Router {
  const { settings, world, limits = {} } = options;
  const entries = new Map<string, Entry>();
  for (const kind of Object.values(alertSources)) {
    const gate = kind.open(settings, world);
    const admission = createAdmission({ ...IN_HAND, bodies: limits.bodies ?? IN_HAND.bodies });
    if (gate !== null) entries.set(kind.id, { kind, gate, admission });
  }
  // Anybody can fill a log with refusals: the same one is said once in a while.
  const warn = calmly(({ message }) => options.log.warn(message));
  const router = Router({ caseSensitive: true, strict: true });
  router.all(`${ALERTS_PATH}/:source`, async (req: Request<{ source: string }>, res: Response) => {
    const entry = entries.get(req.params.source);
    const answer = entry === undefined ? NOT_THERE : await answerTo(entry, req, options);
    const name = entry?.kind.id ?? 'an unknown source';
    if (answer.status !== 200) warn(new Error(`alerts: ${name} got ${answer.status}: ${answer.log}`));
    else if (answer.log !== undefined) options.log.info({ source: name }, `alerts: ${answer.log}`);
    reply(req, res, answer);
  });
  router.use((error: unknown, req: Request, res: Response, next: NextFunction) => {
    if (!req.path.startsWith(ALERTS_PATH)) {
      next(error);
      return;
    }
    // An address that cannot be decoded, or a mistake of ours: Express's own answer would tell the stack.
    const isTheirs = error instanceof URIError || (error instanceof Error && 'status' in error);
    options.log.error({ err: error }, 'alerts: a request failed');
    reply(req, res, isTheirs ? refusal(400, 'not an address') : FAILED);
  });
  return router;
}

type Refusal = { status: 400 | 404 | 405 | 413 | 415; log: string; error: string };
type Reply = Answer | Refusal;

const refusal = (status: Refusal['status'], error: string): Refusal => ({ status, log: error, error });
const NOT_THERE = refusal(404, 'no such alert source, or none with a secret');
const FAILED: Answer = { status: 503, log: 'a mistake of ours', error: 'not stored; send it again' };
const BUSY: Answer = { status: 503, log: 'too many deliveries at once', error: 'busy; send it again' };

async function answerTo(entry: Entry, req: Request, options: Options): Promise<Reply> {
  const unfit = unfitness(req, entry.kind);
  if (unfit !== null) return unfit;
  const header = headerOf(req);
  const refused = entry.gate.refuses(header);
  if (refused !== null) return { status: entry.kind.refusedWith, log: refused, error: 'not genuine' };

  const declared = Number(req.headers['content-length'] ?? BODY.maxBytes);
  if (declared > BODY.maxBytes) return refusal(413, `the body has more than ${BODY.maxBytes} bytes`);
  const giveWay = new AbortController();
  const place = entry.admission.enter(declared, () => giveWay.abort());
  if (place === null) return BUSY;
  try {
    const withinMs = options.limits?.bodyMs ?? BODY.withinMs;
    const read = await readBody(req, { ...BODY, withinMs, giveWay: giveWay.signal });
    if (!read.ok)
      return read.status === 503 ? { ...BUSY, log: read.because } : refusal(read.status, read.because);
    place.arrived(read.body.length);
    return await take(entry, { header, body: read.body, json: once(() => parseBody(read.body)) }, options);
  } finally {
    place.leave();
  }
}

/** A port that rejects, or does not answer in time, has stored nothing as far as we know: the sender tries again. */
async function take(entry: Entry, delivery: RawDelivery, options: Options): Promise<Reply> {
  const { inventory, world, log, limits } = options;
  const intake: AlertIntake = (given) =>
    inTime(limits?.storeMs ?? STORE_WITHIN_MS, options.intake(given), 'they were not stored in time');
  try {
    return await receiveAlerts({ ...entry, inventory, world, intake }, delivery);
  } catch (error) {
    log.error({ err: error, source: entry.kind.id }, 'alerts were not taken');
    return { status: 503, log: 'not taken; the error is above', error: 'not stored; send it again' };
  }
}

/** What no secret can heal is refused before anything else is looked at. */
function unfitness(req: Request, kind: AlertSourceKind): Refusal | null {
  if (req.method !== 'POST') return refusal(405, 'only POST');
  if ((req.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    return refusal(415, 'the body must not be compressed');
  const types = req.headersDistinct['content-type'] ?? [];
  const [type, ...parameters] = (types[0] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const isUtf8 = parameters.every((each) => !each.startsWith('charset=') || /^charset="?utf-8"?$/.test(each));
  if (types.length !== 1 || !kind.contentTypes.includes(type ?? '') || !isUtf8)
    return refusal(415, `the content type must be ${kind.contentTypes.join(' or ')}, in UTF-8`);
  return null;
}

/** Which of two values a proxy in front of us went by, nobody knows: then there is none. */
const headerOf =
  (req: IncomingMessage): Header =>
  (name) => {
    const values = req.headersDistinct[name] ?? [];
    return values.length === 1 ? (values[0] ?? null) : null;
  };

function reply(req: Request, res: Response, answer: Reply): void {
  if (res.destroyed) return;
  if (answer.status === 405) res.set('allow', 'POST');
  res.status(answer.status).json(bodyOf(answer));
  // Cut at once, a sender in the middle of its body would never read the answer.
  const cut = (): void => {
    if (!req.complete) req.socket.destroy();
  };
  if (!req.complete) setTimeout(cut, LEFTOVER_MS).unref();
}

function bodyOf(answer: Reply): object {
  if (answer.status !== 200) return { error: answer.error };
  const { accepted, unmatched, note } = answer;
  return {
    repeated: accepted?.repeated ?? false,
    matched: accepted?.alerts.length ?? 0,
    unmatched,
    ...(note === undefined ? {} : { note }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
