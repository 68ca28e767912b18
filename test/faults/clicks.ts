import { setTimeout as sleep } from 'node:timers/promises';
import { type Change, isTaken, offerChanges, press } from './change.js';
import { CHANNEL, type Lane } from './lane.js';
import { untilTold } from './round.js';
import { PEOPLE } from './sick-services.js';

const PRESSES = 50;
const BUTTONS = 4;
const ATTEMPTS = 3;
const TAKEN_WITHIN_MS = 20_000;

/** Ten people press the same button five times each, all at once. False: no press of a button counted. */
export async function clicksLane(lane: Lane, changes: Change[]): Promise<boolean> {
  for (const id of PEOPLE) lane.slack.control.addUser({ id });
  for (const id of PEOPLE) lane.slack.workspace.findChannel(CHANNEL)?.members.push(id);
  const offered = await offerChanges(lane, lane.fresh(BUTTONS));
  changes.push(...offered);
  for (const change of offered) {
    Object.assign(change, { phase: `${PRESSES} presses at once`, faultAt: Date.now() });
    const presses = Array.from({ length: PRESSES }, (_, index) => PEOPLE[index % PEOPLE.length]);
    // On a busy machine Slack's word on who they are may come too late for all of them: then they press again.
    for (let attempt = 0; attempt < ATTEMPTS && !(await isTaken(lane, change)); attempt += 1) {
      await Promise.all(presses.map((user) => press(lane, change, user)));
      await untilTaken(lane, change);
    }
  }
  await untilTold(lane, offered, 90_000);
  await sleep(1_000); // until the slowest has its polite answer
  const answers = PEOPLE.flatMap((user) =>
    lane.slack.control.messages(CHANNEL, user).filter(({ ephemeralFor }) => ephemeralFor === user),
  );
  console.log(`${lane.name}: ${BUTTONS} x ${PRESSES} presses, ${answers.length} polite answers in private`);
  const taken = await Promise.all(offered.map((change) => isTaken(lane, change)));
  const inVain = taken.filter((each) => !each).length;
  if (inVain > 0)
    console.log(`BROKEN ${lane.name}: ${inVain} buttons took none of ${PRESSES} presses at once`);
  for (const { because, presses } of await refusals(lane))
    console.log(`${lane.name}: ${presses} x ${because}`);
  return inVain === 0;
}

/** Why presses did not count, as the audit has it. */
async function refusals({ database }: Lane): Promise<{ because: string; presses: string }[]> {
  const rows = await database.query(
    `SELECT coalesce(detail::json->>'because', event) AS because, count(*) AS presses FROM diag503.audit
     WHERE event IN ('refused', 'requested') GROUP BY 1 ORDER BY 2 DESC LIMIT 8`,
  );
  return rows.map((row) => ({ because: String(row['because']), presses: String(row['presses']) }));
}

/** Slack has its acknowledgement long before: presses wait for each other in the bot. */
async function untilTaken(lane: Lane, change: Change): Promise<void> {
  const deadline = Date.now() + TAKEN_WITHIN_MS;
  while (Date.now() < deadline && !(await isTaken(lane, change))) await sleep(200);
}
