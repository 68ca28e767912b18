import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { replay } from '../../src/diagnosis/replay.js';
import { StoredRun } from '../../src/model/stored-run.js';
import type { RunDocument } from '../../src/model/verdict.js';
import { compareVerdict } from '../scenarios/compare-verdict.js';
import { diagnose } from './diagnose.js';
import type { Lab } from './lab.js';
import type { Scenario } from './scenario.js';
import { loadScenario } from './scenario-files.js';
import { untilUsersGet, untilWell } from './wellness.js';

const SETTLE_SECONDS = 2;

export type Outcome = {
  readonly id: string;
  readonly scenario: Scenario;
  /** Null where the fault could not be made: `trouble` says why. */
  readonly document: RunDocument | null;
  readonly storedRun: string;
  /** Where the verdict is not the expert's, in plain words. */
  readonly differences: readonly string[];
  readonly trouble: string | null;
  /** Null where the lab is well again; else what is not. */
  readonly unhealed: string | null;
  readonly took: Took;
};

/** Seconds: until the fault was felt and had spread, of the diagnosis with its start, until everything was well again. */
export type Took = { readonly fault: number; readonly look: number; readonly cure: number };
const NOTHING_TOOK: Took = { fault: 0, look: 0, cure: 0 };
export const sumOf = ({ fault, look, cure }: Took): number => fault + look + cure;

export const publicUrl = (service: Scenario['service']): string =>
  `http://${service === 'desk' ? 'desk' : 'shop'}.lab.test/`;

/** Makes the fault, waits until users feel it, and gives it time to spread. */
export async function inject(lab: Lab, scenario: Scenario): Promise<void> {
  const { service, users, settleSeconds } = scenario;
  await scenario.inject(lab);
  await untilUsersGet(publicUrl(service), users);
  await sleep((settleSeconds ?? SETTLE_SECONDS) * 1000);
}

/** One fault from beginning to end. */
export async function runScenario(lab: Lab, id: string): Promise<Outcome> {
  const scenario = await loadScenario(id);
  const start = Date.now();
  let felt = start;
  const base = {
    id,
    scenario,
    document: null,
    storedRun: '',
    differences: [],
    trouble: null,
    unhealed: null,
  };
  let outcome: Omit<Outcome, 'took' | 'unhealed'>;
  try {
    await inject(lab, scenario);
    felt = Date.now();
    const { document, storedRun } = diagnose(scenario.service);
    outcome = { ...base, document, storedRun, differences: compareVerdict(scenario.expect, document) };
  } catch (error) {
    outcome = { ...base, trouble: wordsOf(error) };
  }
  const looked = Date.now();
  const unhealed = await heal(lab, scenario);
  const took = {
    fault: (felt - start) / 1000,
    look: (looked - felt) / 1000,
    cure: (Date.now() - looked) / 1000,
  };
  return { ...outcome, unhealed, took };
}

/** A run that was saved, by the rules of now. */
export async function judgeAgain(folder: string, id: string): Promise<Outcome> {
  const scenario = await loadScenario(id);
  const file = path.join(folder, `${id}.json`);
  const base = { id, scenario, unhealed: null, took: NOTHING_TOOK };
  if (!existsSync(file))
    return { ...base, document: null, storedRun: '', differences: [], trouble: 'no run of it was saved' };
  const storedRun = readFileSync(file, 'utf8');
  const document = replay(StoredRun.parse(JSON.parse(storedRun)));
  return {
    ...base,
    document,
    storedRun,
    differences: compareVerdict(scenario.expect, document),
    trouble: null,
  };
}

async function heal(lab: Lab, scenario: Scenario): Promise<string | null> {
  try {
    await scenario.heal(lab);
    await untilWell(lab);
    return null;
  } catch (error) {
    return wordsOf(error);
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
