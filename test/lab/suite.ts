import { writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { accuracyPage, isRight, tallyOf, type Judged } from './accuracy.js';
import { bootLab, findLab, removeLab, type Lab } from './lab.js';
import { ExpectedVerdict } from '../scenarios/expected-verdict.js';
import { judgeAgain, runScenario, type Outcome } from './run-scenario.js';
import { inTurn, kindOf, scenarioIds } from './scenario-files.js';
import { thinRun } from './thin-run.js';
import { untilWell } from './wellness.js';

/**
 * `npm run test:lab`: every scenario against the real command. Ends with 1 when the share of right causes is below
 * the floor: the published figures stand in docs/accuracy.md, the floor only stops a change that breaks the engine.
 */
const FLOOR = 0.8;
const project = path.resolve(import.meta.dirname, '../..');

type Options = {
  only?: string;
  json?: string;
  record?: true;
  save?: string;
  saved?: string;
  up?: true;
  minutes?: string;
};
const options: Options = new Command('test:lab')
  .option('--only <pattern>', 'regular expression on the names of scenarios')
  .option('--json <file>', 'write the outcomes as JSON')
  .option('--record', 'keep what was read in test/scenarios, where the verdict is right')
  .option('--save <folder>', 'keep every stored run there, also the wrong ones: for `diag503 replay`')
  .option('--saved <folder>', 'judge the runs that --save kept by the rules of now, without the lab')
  .option('--minutes <n>', 'start no further scenario after that long, and say which were not run')
  .option('--up', 'use the lab that `npm run lab -- up` left up, and leave it up')
  .parse()
  .opts();

async function main(): Promise<number> {
  const wanted = new RegExp(options.only ?? '');
  const matching = scenarioIds().filter((id) => wanted.test(id));
  const ids = options.minutes === undefined ? matching : inTurn(matching);
  if (ids.length === 0) throw new Error(`No scenario matches ${String(options.only)}.`);
  if (options.saved !== undefined) return judgeSaved(options.saved, ids);
  if (options.up === true) return runAll(findLab(), ids);
  const stop = (): void => void removeLab().then(() => process.exit(130));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await runAll(await bootLab(), ids);
  } finally {
    await removeLab();
  }
}

async function judgeSaved(folder: string, ids: readonly string[]): Promise<number> {
  const all: Judged[] = [];
  for (const id of ids) {
    const outcome = await judgeAgain(folder, id);
    all.push(judgedOf(outcome));
    console.log(lineOf(outcome));
    if (options.record === true && outcome.document !== null) record(outcome);
  }
  return report(all, null);
}

async function runAll(first: Lab, ids: readonly string[]): Promise<number> {
  const start = Date.now();
  let lab: Lab | null = first;
  await untilWell(first);
  console.log(`every service of the lab is well; ${String(ids.length)} scenarios`);
  const all: Judged[] = [];
  const until = start + Number(options.minutes ?? Infinity) * 60_000;
  for (const [place, id] of ids.entries()) {
    if (lab === null || Date.now() > until) {
      console.log(`NOT RUN (${String(ids.length - place)}): ${ids.slice(place).join(', ')}`);
      break;
    }
    const outcome = await runScenario(lab, id);
    all.push(judgedOf(outcome));
    console.log(lineOf(outcome));
    lab = await wellLab(lab, outcome);
    keep(outcome);
  }
  return report(all, Number(secondsSince(start)));
}

/** A lab that does not become well again is thrown away: the next scenario must not meet the last one's fault. */
async function wellLab(lab: Lab, { id, unhealed }: Outcome): Promise<Lab | null> {
  if (unhealed === null) return lab;
  console.log(`         ${id} was not healed (${unhealed}): the lab is booted anew`);
  try {
    const fresh = await bootLab();
    await untilWell(fresh);
    return fresh;
  } catch (error) {
    console.log(`         the new lab is not well either: ${String(error)}`);
    return null;
  }
}

const secondsSince = (start: number): string => ((Date.now() - start) / 1000).toFixed(0);

const judgedOf = ({ id, scenario, document, differences, trouble, seconds }: Outcome): Judged => ({
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
  seconds,
});

function lineOf({ id, document, differences, trouble, seconds }: Outcome): string {
  const mark = trouble !== null ? 'NOT MADE' : differences.length === 0 ? 'right' : 'WRONG';
  const said =
    document === null
      ? trouble
      : `${document.verdict.cause ?? document.verdict.status} (${document.verdict.confidence ?? '-'}) ${String(document.run.durationMs)} ms`;
  const head = `${mark.padEnd(8)} ${id.padEnd(48)} ${seconds.toFixed(0).padStart(3)} s  ${String(said)}`;
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
