import { readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Scenario } from './scenario.js';

const FOLDER = path.join(import.meta.dirname, 'scenarios');

/** Controls first, for they also prove that the lab is well; then by cause. */
export const scenarioIds = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted((a, b) => Number(isControl(b)) - Number(isControl(a)) || a.localeCompare(b, 'en'));

/** A suite that is cut short begins a third further on in each class every day, so that it meets each scenario in time. */
const DAYS_OF_A_ROUND = 3;

/** One of each class in turn, so that a suite cut short has met every class. `day`: any count of days. */
export function inTurn(ids: readonly string[], day: number): string[] {
  const classOf = (id: string): string => id.split('.')[0] ?? id;
  const place = (id: string): number => {
    const all = ids.filter((other) => classOf(other) === classOf(id));
    const first = Math.floor(((day % DAYS_OF_A_ROUND) * all.length) / DAYS_OF_A_ROUND);
    return (all.indexOf(id) - first + all.length) % all.length;
  };
  return ids.toSorted((a, b) => place(a) - place(b));
}

/** What a scenario is one of: its name's first part says it. */
export type Kind = 'control' | 'single' | 'double';
export const kindOf = (id: string): Kind =>
  isControl(id) ? 'control' : id.startsWith('double.') ? 'double' : 'single';
const isControl = (id: string): boolean => /^(healthy|unknown)\./.test(id);

const Module = z.object({
  default: z.custom<Scenario>((value) => typeof value === 'object' && value !== null),
});

export async function loadScenario(id: string): Promise<Scenario> {
  const found = scenarioIds().find((known) => known === id);
  if (found === undefined)
    throw new Error(`No scenario is called ${id}: \`npm run lab -- list\` lists them.`);
  return Module.parse(await import(path.join(FOLDER, `${found}.ts`))).default;
}
