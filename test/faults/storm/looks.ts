import { z } from 'zod';
import type { Restarted } from './restarted.js';

/** One diagnosis, from the log of the worker that did it. */
export type Look = { readonly service: string; readonly by: string; readonly from: number; until: number };

const Line = z.object({
  time: z.iso.datetime().transform((at) => Date.parse(at)),
  msg: z.string(),
  runId: z.string().optional(),
  service: z.string().optional(),
  job: z.string().optional(),
});

/** A look ends with its verdict, its failure, or its worker. */
export function looksOf(workers: readonly Restarted[]): Look[] {
  return workers.flatMap(({ name, lives }) =>
    lives.flatMap(({ product, endedAt }) => looksIn(product.output(), name, endedAt ?? Date.now())),
  );
}

function looksIn(log: string, by: string, endedAt: number): Look[] {
  const looks: Look[] = [];
  const open = new Map<string, Look>();
  for (const { time, msg, runId, service, job } of linesOf(log)) {
    const id = runId ?? job ?? '';
    if (msg === 'diagnosing' && service !== undefined) {
      const look = { service, by, from: time, until: endedAt };
      open.set(id, look);
      looks.push(look);
    } else if (msg === 'diagnosed' || msg === 'a look broke off') {
      const look = open.get(id);
      if (look !== undefined) look.until = time;
      open.delete(id);
    }
  }
  return looks;
}

function* linesOf(log: string): Generator<z.infer<typeof Line>> {
  for (const text of log.split('\n')) {
    if (!text.startsWith('{') || !text.endsWith('}')) continue; // half a line of a killed process
    const line = Line.safeParse(JSON.parse(text));
    if (line.success) yield line.data;
  }
}

/** Pairs of looks at one service at the same time. */
export function overlapsOf(looks: readonly Look[]): string[] {
  const sorted = looks.toSorted((a, b) => a.from - b.from);
  return sorted.flatMap((look, index) => {
    const other = sorted
      .slice(0, index)
      .find(({ service, until }) => service === look.service && until > look.from);
    return other === undefined
      ? []
      : [`${look.service}: ${look.by} looked while ${other.by} was at it for ${look.from - other.from} ms`];
  });
}
