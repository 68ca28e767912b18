import express, { type Request, type Response, type Router } from 'express';
import type { Calls } from '../calls.js';
import { sufferMisfortune } from '../misfortune.js';
import type { Faults } from '../faults.js';
import type { Triggers } from '../triggers.js';
import type { JsonObject } from '../types.js';
import type { Workspace } from '../workspace.js';
import { decodeArguments } from './decode-arguments.js';
import { SlackRefusal, type Method } from './define-method.js';
import { methods } from './index.js';

export type Tokens = { botToken: string; appToken: string };

export type ApiServices = {
  workspace: Workspace;
  triggers: Triggers;
  faults: Faults;
  calls: Calls;
  tokens: Tokens;
  scopes: Set<string>;
  baseUrl: () => string;
  openSocket: () => string;
};

/** `POST /api/<method>`: token, scope, arguments, fault, work, answer. */
export function webApiRouter(services: ApiServices): Router {
  const router = express.Router();
  router.use(express.text({ type: () => true, limit: '5mb' }));
  router.all('/:method', async (request, response) => {
    const name = request.params.method;
    const misfortune = await services.faults.strike(name);
    const isWorkDone = !misfortune || misfortune.kind === 'accept-then-drop';
    const outcome = isWorkDone ? perform(services, name, request) : null;
    services.calls.add({ method: name, outcome, fault: misfortune?.kind ?? null });
    if (misfortune) sufferMisfortune(response, misfortune);
    else answer(response, services, outcome?.answer ?? {});
  });
  return router;
}

function perform(services: ApiServices, name: string, request: Request) {
  const body: unknown = request.body;
  let args: JsonObject = {};
  try {
    const method = methods[name];
    if (!method) throw new SlackRefusal('unknown_method', { req_method: name });
    args = decodeArguments(request.get('content-type') ?? '', typeof body === 'string' ? body : '');
    checkToken(services, method, readToken(request, args));
    const { token: _token, ...rest } = args;
    args = rest;
    const result = method.run({
      ...services,
      baseUrl: services.baseUrl(),
      arguments: args,
      openSocket: services.openSocket,
      hasScope: (scope) => services.scopes.has(scope),
    });
    return { arguments: args, answer: { ok: true, ...result } };
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    return { arguments: args, answer: { ok: false, error: error.message, ...error.details } };
  }
}

function readToken(request: Request, args: JsonObject): string {
  const header = request.get('authorization')?.replace(/^Bearer /, '');
  const argument = args['token'];
  return header ?? (typeof argument === 'string' ? argument : '');
}

function checkToken({ tokens, scopes }: ApiServices, method: Method, token: string): void {
  const wanted = method.token === 'app' ? tokens.appToken : tokens.botToken;
  if (token === '') throw new SlackRefusal('not_authed');
  if (token !== wanted) {
    const isOtherKind = token === tokens.appToken || token === tokens.botToken;
    throw new SlackRefusal(isOtherKind ? 'not_allowed_token_type' : 'invalid_auth');
  }
  if (method.scope !== null && !scopes.has(method.scope)) {
    throw new SlackRefusal('missing_scope', { needed: method.scope, provided: [...scopes].join(',') });
  }
}

function answer(response: Response, { scopes }: ApiServices, body: JsonObject): void {
  response.set('x-oauth-scopes', [...scopes].join(',')).json(body);
}
