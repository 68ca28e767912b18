import { z } from 'zod';
import type { Observed } from '../checks/define-check.js';
import type { Service } from '../model/service.js';
import { HttpAnswer } from '../probes/http-answer.js';
import type { Observations } from './observe.js';

/** The four shared facts by which a verdict knows the symptom and who said it. */
export type Sightings = {
  /** The public URL, asked three times from the worker. */
  readonly publicAnswers: readonly HttpAnswer[];
  /** The same question (path and Host) at each host's own port. */
  readonly app: readonly HostAnswer[];
  readonly health: readonly HostAnswer[];
  readonly balancer: BalancerView | null;
  /** Hosts of the service with neither an app nor a health answer read. */
  readonly unseenHosts: readonly string[];
};

export type HostAnswer = { readonly host: string; readonly answer: HttpAnswer };

/** Of `balancerMembers` only what the symptom needs. */
const BalancerView = z.object({
  pool: z.object({ status: z.string(), queued: z.number().nullish() }).nullable(),
  members: z.array(z.object({ name: z.string(), status: z.string() })),
});
export type BalancerView = z.infer<typeof BalancerView>;

const PublicAnswer = z.object({ answers: z.array(HttpAnswer) });

export const sightings = (service: Service, seen: Observations): Sightings => {
  const app = hostAnswers(seen.read('appAnswer'));
  const health = hostAnswers(seen.read('healthAnswer'));
  const seenHosts = new Set([...app, ...health].map(({ host }) => host));
  return {
    publicAnswers: seen.read('publicAnswer').flatMap(({ fact }) => PublicAnswer.parse(fact).answers),
    app,
    health,
    balancer: seen.read('balancerMembers').map(({ fact }) => BalancerView.parse(fact))[0] ?? null,
    unseenHosts: service.hosts.filter((host) => !seenHosts.has(host)),
  };
};

const hostAnswers = (observed: readonly Observed<unknown>[]): HostAnswer[] =>
  observed.flatMap(({ target, fact }) =>
    target.kind === 'host' ? [{ host: target.name, answer: HttpAnswer.parse(fact) }] : [],
  );

/** No answer at all, or one of the 5xx that a user sees as "down". */
export const isBad = ({ status }: HttpAnswer): boolean => status === null || status >= 500;

/** HAProxy's words for a member that gets requests; `no check` is used unchecked. */
export const isUsable = ({ status }: { status: string }): boolean => /^(UP|no check)/i.test(status);

/** `MAINT`, `MAINT (via …)`, `DRAIN`: taken out by somebody, not by a check. */
export const isSetAside = ({ status }: { status: string }): boolean => /^(MAINT|DRAIN)/i.test(status);

/** "503", or why there was no answer: "no answer (refused)". */
export const answerWords = ({ status, failure }: HttpAnswer): string =>
  status === null ? `no answer (${failure?.kind ?? 'unknown'})` : String(status);
