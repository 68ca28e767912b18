import { fork, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import path from 'node:path';
import type { Lane } from './lane.js';
import { LaneReport, type LaneOrder } from './lane-messages.js';
import { LAB } from './network.js';
import type { Outcome } from './run-scenario.js';
import { loadScenario } from './scenario-files.js';

/** Lanes side by side, each a lab with its own name, for most scenarios wait for timeouts and health checks. On two cores four leave nothing idle (308 scenarios in 27.9 minutes). */
export const openLanes = (count: number, log: (line: string) => void): Promise<Lane[]> =>
  Promise.all(
    Array.from({ length: count }, (_, place) => openLaneProcess(`${LAB}${String(place + 1)}`, log)),
  );

async function openLaneProcess(labName: string, log: (line: string) => void): Promise<Lane> {
  const child = fork(path.join(import.meta.dirname, 'lane-process.ts'), {
    env: { ...process.env, LAB_NAME: labName },
  });
  const reports = reportsOf(child, log);
  if ((await reports.next()).done === true) throw new Error(`The lane ${labName} ended before it was ready.`);
  return {
    run: async (id) => {
      tell(child, { kind: 'run', id });
      const next = await reports.next();
      if (next.done === true || next.value.kind !== 'outcome' || next.value.outcome === null) return null;
      return { ...next.value.outcome, scenario: await loadScenario(id) } satisfies Outcome;
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      if (child.connected) tell(child, { kind: 'end' });
      await gone;
    },
  };
}

const tell = (child: ChildProcess, order: LaneOrder): void => void child.send(order);

/** What the lane says, without its log; ends when the process does. */
async function* reportsOf(child: ChildProcess, log: (line: string) => void): AsyncGenerator<LaneReport> {
  for await (const [message] of on(child, 'message', { close: ['exit'] })) {
    const report = LaneReport.parse(message);
    if (report.kind === 'log') log(report.line);
    else yield report;
  }
}
