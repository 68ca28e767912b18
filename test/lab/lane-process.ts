import { removeLab } from './lab.js';
import { laneIn, type Lane } from './lane.js';
import { LaneOrder, type LaneReport } from './lane-messages.js';
import { bootWellLab } from './wellness.js';

/** A lane in a process of its own, with the lab that `LAB_NAME` names: `lanes.ts` starts it and speaks with it. */
const say = (report: LaneReport): void => void process.send?.(report);
const log = (line: string): void => say({ kind: 'log', line });

let lane: Lane | null = null;
const end = async (): Promise<void> => {
  await removeLab(); // also one that is only being booted
  process.exit(0);
};
// Ctrl-C reaches every process of the terminal: the lanes end when the suite tells them to.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void end());
process.on('disconnect', () => void end());
process.on('message', (message) => {
  const order = LaneOrder.parse(message);
  if (order.kind === 'end') void end();
  else void run(order.id);
});

async function run(id: string): Promise<void> {
  const outcome = (await lane?.run(id)) ?? null;
  if (outcome === null) {
    say({ kind: 'outcome', outcome: null });
    return;
  }
  // Functions do not travel: the suite knows the scenario by its id.
  const { scenario: _scenario, ...rest } = outcome;
  say({ kind: 'outcome', outcome: rest });
}

lane = laneIn(await bootWellLab(), log);
say({ kind: 'ready' });
