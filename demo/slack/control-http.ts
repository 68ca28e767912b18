import { isIP } from 'node:net';
import express, { type Router } from 'express';
import { z } from 'zod';
import type { Control } from './control.js';
import { Fault } from './faults.js';
import type { JsonObject } from './types.js';

const Choices = z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({});
const asked = z.string().min(1);
const Press = z.object({
  user: asked,
  channel: asked,
  ts: asked,
  actionId: asked,
  blockId: z.string().optional(),
  value: z.string().optional(),
});
const event: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** The control object over HTTP, for the page and for programs of other processes. */
export function controlRouter(control: Control): Router {
  const router = express.Router();
  router.use(refuseForeignPages, express.json());

  function post<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    run: (body: z.output<Schema>) => unknown,
  ) {
    router.post(path, async (request, response) => {
      const body = schema.safeParse(request.body ?? {});
      if (!body.success) return void response.status(400).json({ error: z.prettifyError(body.error) });
      try {
        response.json({ ok: true, result: (await run(body.data)) ?? null });
      } catch (error) {
        response.status(422).json({ error: error instanceof Error ? error.message : String(error) });
      }
    });
  }

  post('/reset', z.object({}), () => control.reset());
  post('/faults', Fault, (fault) => control.addFault(fault));
  post('/faults/clear', z.object({}), () => control.clearFaults());
  post(
    '/disconnect',
    z.object({ reason: z.enum(['warning', 'refresh_requested', 'cut']).optional() }),
    (body) => control.disconnect(body.reason),
  );
  post('/redeliver', z.object({ times: z.int().positive().default(1) }), (body) =>
    control.redeliver(body.times),
  );
  post('/command', z.object({ user: asked, channel: asked, text: asked }), (body) =>
    control.command(body.user, body.channel, body.text),
  );
  post('/say', z.object({ user: asked, channel: asked, text: asked, threadTs: asked.nullish() }), (body) =>
    control.say({ ...body, threadTs: body.threadTs ?? null }),
  );
  post('/press', Press, (body) => control.press(body));
  post(
    '/view/press',
    z.object({ user: asked, actionId: asked, value: z.string().default(''), choices: Choices }),
    (body) => control.pressInView(body.user, body),
  );
  post('/view/submit', z.object({ user: asked, choices: Choices }), (body) =>
    control.submit(body.user, body.choices),
  );
  post('/view/close', z.object({ user: asked }), (body) => control.closeView(body.user));
  post('/event', event, (body) => control.sendEvent(body));

  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  router.get('/messages', ({ query }, response) => {
    response.json(control.messages(text(query['channel']) ?? '', text(query['user'])));
  });
  router.get('/thread', ({ query }, response) => {
    response.json(control.thread(text(query['channel']) ?? '', text(query['ts']) ?? '', text(query['user'])));
  });
  router.get('/calls', ({ query }, response) => void response.json(control.calls(text(query['method']))));
  router.get('/deliveries', (_request, response) => void response.json(control.deliveries()));
  return router;
}

/**
 * Another site open in the same browser must not press our buttons, nor one whose name was made to lead here (DNS
 * rebinding): only addresses and `localhost` are names of ours.
 */
function refuseForeignPages(
  request: express.Request,
  response: express.Response,
  next: express.NextFunction,
): void {
  const origin = request.get('origin');
  const { hostname } = request;
  const isNamed = hostname !== 'localhost' && isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0;
  const isOurs =
    !isNamed &&
    (origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.get('host')));
  if (isOurs) next();
  else response.status(403).json({ error: 'foreign origin' });
}
