import { z } from 'zod';
import { defineHostProbe, type HostProbe } from '../../src/probes/define-probe.js';
import { READS } from './reads.js';

/** The nine reads as probes of diag503: its own collector sends, bounds, frames and redacts them. */
export const readProbes: Record<string, HostProbe> = Object.fromEntries(
  READS.map(({ name, command, answer, runs }) => [
    name,
    defineHostProbe({
      id: `read-${name}`,
      fact: z.string().regex(new RegExp(answer.source)),
      runs,
      source: () => command,
      script: () => command,
      parse: ({ stdout }) => stdout,
    }),
  ]),
);

export const READ_SNIPPETS = READS.map(({ name, command, runs }) => ({
  id: `read-${name}`,
  script: command,
  timeoutSeconds: 3,
  runs,
}));
