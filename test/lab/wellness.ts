import { setTimeout as sleep } from 'node:timers/promises';
import { askUntil } from './ask-until.js';
import { bootLab, removeLab, type Lab } from './lab.js';
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
  await untilMembers(lab, (members) => members.filter(({ status }) => status !== 'UP'));
  askBalancer(lab, 'clear counters all');
}

/** A lab that is up and well; none where that fails, as by a Ctrl-C, which ends the command on a host first. */
export async function bootWellLab(): Promise<Lab> {
  try {
    const lab = await bootLab();
    await untilWell(lab);
    return lab;
  } catch (error) {
    await removeLab();
    throw error;
  }
}

/** On the balancer's socket for the lab, which may do what the one for diag503 may not. */
export const askBalancer = (lab: Lab, command: string): string =>
  lab.host('lb-1').sh(`echo '${command}' | socat -t2 stdio /run/haproxy/lab.sock`);

/** The balancer has seen that no member of the pool answers: whoever starts one before that changes nothing for it. */
export const untilAllAreDown = (lab: Lab, pool: string): Promise<void> =>
  untilMembers(lab, (members) =>
    members.filter((member) => member.pool === pool && member.status !== 'DOWN'),
  );

type Member = { readonly pool: string; readonly name: string; readonly status: string };

async function untilMembers(lab: Lab, amiss: (members: readonly Member[]) => Member[]): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let left = amiss(membersOf(lab)); left.length > 0; left = amiss(membersOf(lab))) {
    const [first] = left;
    if (first !== undefined && Date.now() > deadline)
      throw new Error(`${first.pool}/${first.name} is ${first.status}, and ${String(left.length - 1)} more`);
    await sleep(400);
  }
}

const membersOf = (lab: Lab): Member[] =>
  askBalancer(lab, 'show stat')
    .split('\n')
    .map((line) => line.split(','))
    .filter(([, name = '']) => name.startsWith('web-'))
    .map((row) => ({ pool: row[0] ?? '', name: row[1] ?? '', status: row[17] ?? '' }));
