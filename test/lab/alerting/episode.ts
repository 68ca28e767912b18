import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../../src/model/incident.js';
import { CAUSE_TITLES } from '../../../src/model/words.js';
import { type Bench, wordsOf } from '../../e2e/bench.js';
import { until } from '../../helpers/until.js';
import { compareVerdict } from '../../scenarios/compare-verdict.js';
import { ExpectedVerdict } from '../../scenarios/expected-verdict.js';
import { publicUrl } from '../run-scenario.js';
import { loadScenario } from '../scenario-files.js';
import type { Scenario } from '../scenario.js';
import { firingSince } from './alertmanager.js';
import { startCustomer } from './customer.js';
import { changeLab } from './fault-process.js';
import { REPLICAS } from './monitoring.js';
import { postsOfAll, watchRepeats } from './repeats.js';
import { type Thread, threadOf } from './thread.js';

export type Ground = {
  bench: Bench;
  latestRun(service: string): Promise<Run | null>;
  incidents(service: string): Promise<number>;
};

/** Seconds after the fault; null: was not seen. */
export type Firing = {
  firstFailure: number | null;
  ruleFires: number | null;
  accepted: number;
  firstLine: number;
  verdict: number;
};
/** Seconds after the cure began. */
export type Ending = { usersWell: number | null; resolved: number; looked: number };
export type Outcome = {
  id: string;
  firing: Firing | null;
  ending: Ending | null;
  /** What both Alertmanagers posted in this episode, and what the headline counts at its end. */
  posts: number;
  alerts: number;
  headline: string;
  wrong: string[];
};

const FIRES_MS = 90_000;
const VERDICT_MS = 60_000;
const ENDS_MS = 90_000;
/** What is posted twice, or told once more, would be there by then. */
const QUIET_MS = 2_000;

type Episode = {
  ground: Ground;
  id: string;
  scenario: Scenario;
  thread: Thread;
  /** How many verdicts were in it before. */
  cards: number;
  customer: ReturnType<typeof startCustomer>;
  wrong: string[];
};

/** A fault from its first moment to the headline that says it is over; nobody but the monitoring asks. */
export async function runEpisode(ground: Ground, id: string): Promise<Outcome> {
  const scenario = await loadScenario(id);
  const { service } = scenario;
  const thread = threadOf(ground.bench, service);
  const customer = startCustomer(publicUrl(service));
  const episode: Episode = {
    ground,
    id,
    scenario,
    thread,
    cards: thread.cards().length,
    customer,
    wrong: [],
  };
  const postsBefore = await postsOfAll();
  let firing: Firing | null = null;
  let ending: Ending | null = null;
  try {
    const fault = await changeLab('inject', id);
    firing = await watchFiring(episode, fault.begins);
    await fault.done;
    episode.wrong.push(...(await watchRepeats(thread)));
    ending = await watchEnding(episode);
    await expectOneThread(episode);
  } catch (error) {
    episode.wrong.push(error instanceof Error ? error.message : String(error));
    // The next fault must not meet this one.
    if (ending === null) await (await changeLab('heal', id)).done;
  } finally {
    await customer.stop();
  }
  const posts = (await postsOfAll()) - postsBefore;
  const headline = thread.headline();
  return { id, firing, ending, posts, alerts: thread.alerts(), headline, wrong: episode.wrong };
}

async function watchFiring(episode: Episode, begins: number): Promise<Firing> {
  const { ground, scenario, thread, cards, customer, wrong } = episode;
  const { service, users, expect } = scenario;
  const before = thread.headline();
  const since = (at: number): number => (at - begins) / 1_000;
  await until(`an alert makes a line about ${service}`, () => thread.headline() !== before, FIRES_MS);
  const firstLine = Date.now();
  await until(`a verdict about ${service}`, () => thread.cards().length > cards, VERDICT_MS);
  await until('the headline says it', () => !thread.headline().includes('looking at'));
  const card = thread.cards().at(-1);
  const run = await ground.latestRun(service);
  if (card === undefined || run?.document == null) throw new Error(`the run of ${service} has no document`);
  wrong.push(...compareVerdict(ExpectedVerdict.parse(expect), run.document));
  const title = expect.cause == null ? '' : CAUSE_TITLES[expect.cause];
  if (!wordsOf(card).includes(title)) wrong.push(`the card does not say "${title}": ${wordsOf(card)}`);
  if (!thread.headline().toLowerCase().includes(title.toLowerCase()))
    wrong.push(`the headline does not say "${title}": ${thread.headline()}`);
  const firstFailure = customer.firstSince(begins, users);
  const fires = await firingSince(REPLICAS[0], service);
  return {
    firstFailure: firstFailure === null ? null : since(firstFailure),
    ruleFires: fires === null ? null : since(fires),
    accepted: since(Date.parse(run.requestedAt)),
    firstLine: since(firstLine),
    verdict: since(Number(card.ts) * 1_000),
  };
}

async function watchEnding({ id, thread, customer, wrong }: Episode): Promise<Ending> {
  const cure = await changeLab('heal', id);
  const since = (at: number): number => (at - cure.begins) / 1_000;
  await until('the headline says resolved', () => thread.headline().includes('resolved after'), ENDS_MS);
  const resolved = Date.now();
  await until(
    'the closing look is over',
    () => /healthy now|not well|could not be looked/.test(thread.headline()),
    VERDICT_MS,
  );
  const looked = Date.now();
  if (!thread.headline().includes('healthy now')) wrong.push(`it ends as: ${thread.headline()}`);
  await cure.done;
  const well = customer.wellSince();
  return {
    usersWell: well === null ? null : since(well),
    resolved: since(resolved),
    looked: since(looked),
  };
}

async function expectOneThread({ ground, scenario, thread, cards, wrong }: Episode): Promise<void> {
  await sleep(QUIET_MS);
  const threads = thread.count();
  if (threads !== 1) wrong.push(`${threads} threads about ${scenario.service}`);
  const verdicts = thread.cards().length - cards;
  if (verdicts !== 1) wrong.push(`${verdicts} verdicts in the thread`);
  const incidents = await ground.incidents(scenario.service);
  if (incidents !== 1) wrong.push(`${incidents} incidents of ${scenario.service}`);
}
