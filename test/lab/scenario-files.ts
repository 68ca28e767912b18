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

/** Of so many scenarios with the same root at least one is in each round; of more, one more. */
const ONE_OF = 12;

/**
 * All scenarios in rounds. Each has something of every group, as long as there is some: the first meets every root that an
 * expert names. Within a round one class comes after the other, so that one that is cut short has met every class. In
 * each group the first round begins elsewhere every day, so that it meets each scenario in time. `day`: any count of days.
 */
export function inRounds(ids: readonly string[], groupOf: (id: string) => string, day: number): string[][] {
  const round = new Map<string, number>();
  for (const name of new Set(ids.map(groupOf))) {
    const group = ids.filter((id) => groupOf(id) === name);
    const inOneRound = Math.ceil(group.length / ONE_OF);
    const first = (day * inOneRound) % group.length;
    group.forEach((id, place) =>
      round.set(id, Math.floor(((place - first + group.length) % group.length) / inOneRound)),
    );
  }
  const roundOf = (id: string): number => round.get(id) ?? 0;
  const rounds = [...new Set(ids.map(roundOf))].toSorted((a, b) => a - b);
  return rounds.map((each) => byClassInTurn(ids.filter((id) => roundOf(id) === each)));
}

const byClassInTurn = (ids: readonly string[]): string[] => {
  const turn = (id: string): number =>
    ids.slice(0, ids.indexOf(id)).filter((other) => classOf(other) === classOf(id)).length;
  return ids.toSorted((a, b) => turn(a) - turn(b));
};

const classOf = (id: string): string => id.split('.')[0] ?? id;

/** What a scenario is a case of: its class, and the check that an expert names first. */
export async function groupsOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const entries = ids.map(async (id) => {
    const { root } = (await loadScenario(id)).expect;
    return [id, `${classOf(id)} ${[root].flat()[0] ?? ''}`] as const;
  });
  return new Map(await Promise.all(entries));
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
