import { writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { accuracyPage, isRight, tallyOf, type Judged } from './accuracy.js';
import { build } from './diagnose.js';
import { findLab } from './lab.js';
import { laneIn, type Lane } from './lane.js';
import { openLanes } from './lanes.js';
import { countOf } from '../../src/model/words.js';
import { ExpectedVerdict } from '../scenarios/expected-verdict.js';
import { judgeAgain, sumOf, type Outcome, type Took } from './run-scenario.js';
import { groupsOf, inRounds, kindOf, scenarioIds } from './scenario-files.js';
import { thinRun } from './thin-run.js';
import { untilWell } from './wellness.js';

/**
 * `npm run test:lab`: scenarios against the real command, of every root that an expert names; with `--all` each of them.
 * Ends with 1 when the share of right causes is below the floor: the published figures stand in docs/accuracy.md, the
 * floor only stops a change that breaks the engine.
 */
const FLOOR = 0.8;
const project = path.resolve(import.meta.dirname, '../..');
const DAY_MS = 24 * 60 * 60 * 1000;

type Options = {
  all?: true;
  only?: string;
  json?: string;
  record?: true;
  save?: string;
  saved?: string;
  up?: true;
  labs: string;
  minutes?: string;
};
const options: Options = new Command('test:lab')
  .option('--all', 'every scenario, instead of something of each root: others each day, all of them in time')
  .option('--only <pattern>', 'every scenario whose name the regular expression matches')
  .option('--json <file>', 'write the outcomes as JSON')
  .option('--record', 'keep what was read in test/scenarios, where the verdict is right')
  .option('--save <folder>', 'keep every stored run there, also the wrong ones: for `diag503 replay`')
  .option('--saved <folder>', 'judge the runs that --save kept by the rules of now, without the lab')
  .option(
    '--minutes <n>',
    'start no further scenario after that long, and say which were not run: something of every root first',
  )
  .option('--labs <n>', 'that many labs side by side', '4')
  .option('--up', 'use the lab that `npm run lab -- up` left up, and leave it up')
  .parse()
  .opts();

async function main(): Promise<number> {
  const ids = await wantedIds();
  if (ids.length === 0) throw new Error(`No scenario matches ${String(options.only)}.`);
  if (options.saved !== undefined) return judgeSaved(options.saved, ids);
  build();
  const lanes =
    options.up === true ? [await laneInLabThatIsUp()] : await openLanes(Number(options.labs), console.log);
  const endAll = (): Promise<unknown> => Promise.all(lanes.map((lane) => lane.end()));
  const stop = (): void => void endAll().then(() => process.exit(130));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await runAll(lanes, ids);
  } finally {
    await endAll();
  }
}

async function laneInLabThatIsUp(): Promise<Lane> {
  const lab = findLab();
  await untilWell(lab);
  return laneIn(lab, console.log);
}

/**
 * Whoever names some, or judges what was read, wants them all; else the round of today. Something of every root in turn:
 * the restarts of ten faults alike within a minute would be a trouble of their own.
 */
async function wantedIds(): Promise<string[]> {
  const { all, only, saved } = options;
  const wanted = new RegExp(only ?? '');
  const ids = scenarioIds().filter((id) => wanted.test(id));
  const isAll = all === true || only !== undefined || saved !== undefined;
  const groups = await groupsOf(ids);
  const rounds = inRounds(ids, (id) => groups.get(id) ?? id, Math.floor(Date.now() / DAY_MS));
  return isAll ? rounds.flat() : (rounds[0] ?? []);
}

async function judgeSaved(folder: string, ids: readonly string[]): Promise<number> {
  const all: Judged[] = [];
  for (const id of ids) {
    const outcome = await judgeAgain(folder, id);
    all.push(judgedOf(outcome));
    console.log(lineOf(outcome));
    if (options.record === true && outcome.document !== null) record(outcome);
  }
  return report(inOrder(all), null);
}

async function runAll(lanes: readonly Lane[], ids: readonly string[]): Promise<number> {
  const start = Date.now();
  console.log(`every service is well; ${countOf(ids.length, 'scenario')} in ${countOf(lanes.length, 'lab')}`);
  const all: Judged[] = [];
  const until = start + Number(options.minutes ?? Infinity) * 60_000;
  const left = [...ids];
  const work = async (lane: Lane): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const outcome = Date.now() > until ? null : await lane.run(id);
      if (outcome === null) {
        left.unshift(id);
        return;
      }
      all.push(judgedOf(outcome));
      console.log(lineOf(outcome));
      keep(outcome);
    }
  };
  await Promise.all(lanes.map(work));
  if (left.length > 0) console.log(`NOT RUN (${String(left.length)}): ${left.join(', ')}`);
  return report(inOrder(all), Number(secondsSince(start)));
}

/** Lanes end scenarios in any order; the page has its own. */
const inOrder = (all: readonly Judged[]): Judged[] => {
  const order = scenarioIds();
  return all.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
};

const secondsSince = (start: number): string => ((Date.now() - start) / 1000).toFixed(0);

const judgedOf = ({ id, scenario, document, differences, trouble, took }: Outcome): Judged => ({
  id,
  kind: kindOf(id),
  fault: scenario.fault,
  because: scenario.because,
  expected: scenario.expect,
  verdict: document && {
    status: document.verdict.status,
    cause: document.verdict.cause,
    confidence: document.verdict.confidence,
    hop: document.verdict.hop,
    chain: document.verdict.chain.map(({ check }) => check),
    summary: document.verdict.summary,
  },
  durationMs: document?.run.durationMs ?? null,
  differences: [...differences],
  trouble,
  wrongBecause: scenario.wrongBecause ?? null,
  took,
});

/** "27 s (12+5+10)": fault, look and cure. */
const tookWords = (took: Took): string =>
  `${sumOf(took).toFixed(0).padStart(3)} s ${`(${[took.fault, took.look, took.cure].map((seconds) => seconds.toFixed(0)).join('+')})`.padEnd(10)}`;

function lineOf({ id, document, differences, trouble, took }: Outcome): string {
  const mark = trouble !== null ? 'NOT MADE' : differences.length === 0 ? 'right' : 'WRONG';
  const said =
    document === null
      ? trouble
      : `${document.verdict.cause ?? document.verdict.status} (${document.verdict.confidence ?? '-'}) ${String(document.run.durationMs)} ms`;
  const head = `${mark.padEnd(8)} ${id.padEnd(48)} ${tookWords(took)}  ${String(said)}`;
  return [head, ...differences.map((difference) => `         ${difference}`)].join('\n');
}

function keep(outcome: Outcome): void {
  if (outcome.document === null) return;
  if (options.save !== undefined) {
    mkdirSync(options.save, { recursive: true });
    writeFileSync(path.join(options.save, `${outcome.id}.json`), outcome.storedRun);
  }
  if (options.record === true) record(outcome);
}

function record({ id, storedRun, scenario }: Outcome): void {
  const run = thinRun(storedRun, ExpectedVerdict.parse(scenario.expect));
  if (run === null) return;
  const folder = path.join(project, 'test/scenarios', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'run.json'), run);
  writeFileSync(path.join(folder, 'verdict.json'), `${JSON.stringify(scenario.expect, null, 2)}\n`);
}

/** The page tells of whole suites only. */
async function report(all: readonly Judged[], took: number | null): Promise<number> {
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
  const tally = tallyOf(all);
  if (all.length === scenarioIds().length) {
    const file = path.join(project, 'docs/accuracy.md');
    const style = { ...(await resolveConfig(file)), filepath: file };
    writeFileSync(file, await format(accuracyPage(all, took), style));
  }
  console.log(`\n${tally.lines.join('\n')}${took === null ? '' : `\n${String(took)} s`}`);
  const right = all.filter(isRight).length;
  console.log(`${String(right)} passed, ${String(all.length - right)} failed`);
  return tally.causeShare >= FLOOR ? 0 : 1;
}

// Last, for it uses all of the above.
process.exitCode = await main();
