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

/** One of each class in turn, so that a suite cut short has met every class. */
export function inTurn(ids: readonly string[]): string[] {
  const classOf = (id: string): string => id.split('.')[0] ?? id;
  const place = (id: string): number => ids.filter((other) => classOf(other) === classOf(id)).indexOf(id);
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
