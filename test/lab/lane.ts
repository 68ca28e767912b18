import type { Lab } from './lab.js';
import { runScenario, type Outcome } from './run-scenario.js';
import { bootWellLab } from './wellness.js';

/** One lab that runs one scenario after the other. */
export type Lane = {
  /** Null where no well lab is left to run it in. */
  readonly run: (id: string) => Promise<Outcome | null>;
  readonly end: () => Promise<void>;
};

/** A lane in a lab that is up and well; the lab does not end with it. */
export function laneIn(first: Lab, log: (line: string) => void): Lane {
  let lab: Lab | null = first;
  const run = async (id: string): Promise<Outcome | null> => {
    if (lab === null) return null;
    const outcome = await runScenario(lab, id);
    lab = await wellLab(lab, outcome, log);
    return outcome;
  };
  return { run, end: () => Promise.resolve() };
}

/** A lab that does not become well again is thrown away: the next scenario must not meet the last one's fault. */
async function wellLab(
  lab: Lab,
  { id, unhealed }: Outcome,
  log: (line: string) => void,
): Promise<Lab | null> {
  if (unhealed === null) return lab;
  log(`         ${id} was not healed (${unhealed}): the lab is booted anew`);
  try {
    return await bootWellLab();
  } catch (error) {
    log(`         the new lab is not well either: ${String(error)}`);
    return null;
  }
}
