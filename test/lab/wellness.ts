import { setTimeout as sleep } from 'node:timers/promises';
import { askUntil } from './ask-until.js';
import type { Lab } from './lab.js';
import { PUBLIC_NAMES } from './topology.js';

const PATIENCE_MS = 45_000;
const IN_A_ROW = 3;

/** Waits until users get one of these statuses, several times in a row. */
export const untilUsersGet = (url: string, statuses: readonly number[]): Promise<void> =>
  untilUsersGetAt([url], statuses);

const untilUsersGetAt = (urls: readonly string[], statuses: readonly number[]): Promise<void> =>
  askUntil({ urls, statuses, inARow: IN_A_ROW, patienceMs: PATIENCE_MS });

/** Every service answers, every member is up, and no counter tells of what was before. */
export async function untilWell(lab: Lab): Promise<void> {
  await untilUsersGetAt(
    PUBLIC_NAMES.map((name) => `http://${name}/`),
    [200],
  );
  const deadline = Date.now() + PATIENCE_MS;
  for (let down = membersDown(lab); down.length > 0; down = membersDown(lab)) {
    if (Date.now() > deadline) throw new Error(`not healed: ${down.join(', ')}`);
    await sleep(400);
  }
  askBalancer(lab, 'clear counters all');
}

/** On the balancer's socket for the lab, which may do what the one for diag503 may not. */
export const askBalancer = (lab: Lab, command: string): string =>
  lab.host('lb-1').sh(`echo '${command}' | socat -t2 stdio /run/haproxy/lab.sock`);

function membersDown(lab: Lab): string[] {
  const rows = askBalancer(lab, 'show stat')
    .split('\n')
    .map((line) => line.split(','));
  return rows
    .filter(([, member = '', ...rest]) => member.startsWith('web-') && rest[15] !== 'UP')
    .map(([pool, member, ...rest]) => `${String(pool)}/${String(member)} is ${String(rest[15])}`);
}
