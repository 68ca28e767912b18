import type { z } from 'zod';
import type { ExpectedVerdict } from '../scenarios/expected-verdict.js';
import type { Lab } from './lab.js';

/** One fault, really injected, and what an expert would conclude. File name = id = folder of its recording. */
export type Scenario = {
  /** What is done, in one sentence. */
  readonly fault: string;
  /** What an expert sees in it: why this cause and no other. */
  readonly because: string;
  /** The entry of `services.yaml` that is diagnosed. */
  readonly service: 'shop' | 'desk' | 'shop-bare';
  /** Statuses that users get once the fault is there (0: no answer); the diagnosis starts after three of them in a row. */
  readonly users: readonly number[];
  /** Seconds that the fault may work before the diagnosis. */
  readonly settleSeconds?: number;
  inject(lab: Lab): void | Promise<void>;
  /** Undoes it; the runner then waits until everything is well again. */
  heal(lab: Lab): void | Promise<void>;
  readonly expect: z.input<typeof ExpectedVerdict>;
  /** Why the engine is wrong here, if it is known to be: printed in docs/accuracy.md beside its answer. */
  readonly wrongBecause?: string;
};

export const defineScenario = (scenario: Scenario): Scenario => scenario;
