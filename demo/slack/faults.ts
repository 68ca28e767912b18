import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/**
 * What shall go wrong with coming calls. `accept-then-drop` does the work and then cuts the connection,
 * so that the caller cannot know: the case in which careless clients post twice.
 */
export const Fault = z.strictObject({
  /** a Web API method, `response_url`, or `*` */
  method: z.string().default('*'),
  kind: z.enum(['rate-limit', 'status', 'error', 'drop', 'accept-then-drop', 'hang', 'latency']),
  times: z.int().positive().default(1),
  /** lets so many matching calls pass first */
  skip: z.int().nonnegative().default(0),
  /** hits this share of the matching calls, evenly spread */
  share: z.number().min(0).max(1).default(1),
  retryAfterSeconds: z.number().positive().default(1),
  status: z.int().min(400).max(599).default(500),
  error: z.string().default('internal_error'),
  delayMs: z.int().nonnegative().default(1000),
});
export type Fault = z.infer<typeof Fault>;
export type FaultInput = z.input<typeof Fault>;

/** How the HTTP side carries out what was chosen. */
export type Misfortune =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: unknown }
  | { kind: 'drop' }
  | { kind: 'accept-then-drop' }
  | { kind: 'hang' };

export type Faults = ReturnType<typeof createFaults>;

export function createFaults() {
  let armed: (Fault & { seen: number })[] = [];

  /** The first armed fault that wants this call; each call uses up at most one. */
  function take(method: string): Fault | undefined {
    for (const fault of armed) {
      if (fault.method !== '*' && fault.method !== method) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
        continue;
      }
      fault.seen += 1;
      if (Math.floor(fault.seen * fault.share) === Math.floor((fault.seen - 1) * fault.share)) continue;
      fault.times -= 1;
      armed = armed.filter(({ times }) => times > 0);
      return fault;
    }
    return undefined;
  }

  return {
    add: (fault: FaultInput) => void armed.push({ ...Fault.parse(fault), seen: 0 }),
    clear: () => void (armed = []),
    list: (): readonly Fault[] => armed,
    async strike(method: string): Promise<Misfortune | undefined> {
      const fault = take(method);
      if (fault?.kind === 'latency') await sleep(fault.delayMs);
      return fault && misfortune(fault);
    },
  };
}

function misfortune(fault: Fault): Misfortune | undefined {
  switch (fault.kind) {
    case 'rate-limit':
      return {
        kind: 'answer',
        status: 429,
        headers: { 'retry-after': String(fault.retryAfterSeconds) },
        body: { ok: false, error: 'ratelimited' },
      };
    case 'status':
      return { kind: 'answer', status: fault.status, headers: {}, body: 'upstream trouble' };
    case 'error':
      return { kind: 'answer', status: 200, headers: {}, body: { ok: false, error: fault.error } };
    case 'drop':
    case 'accept-then-drop':
    case 'hang':
      return { kind: fault.kind };
    case 'latency':
      return undefined;
  }
}
