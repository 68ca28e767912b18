import { servicePort, type Service } from '../model/service.js';
import type { ChecklistLine, HostReach } from '../model/verdict.js';
import { durationWords } from '../model/words.js';
import type { Case } from './case.js';
import type { Evaluation } from './evaluate.js';
import { groupSummary } from './chain.js';
import { isFrontOwn } from './hop-signatures.js';
import { RUNBOOK, type RunbookLine } from './runbook.js';
import { answerWords, listOf } from './sightings.js';

type Answer = Pick<ChecklistLine, 'answer' | 'note'>;

/** The runbook, answered. `yes` is the good answer but for the last line. */
export const checklistOf = (given: Case): ChecklistLine[] => [
  line(RUNBOOK.process, processAnswer(given, byChecks(given, RUNBOOK.process))),
  line(RUNBOOK.resources, byChecks(given, RUNBOOK.resources)),
  line(RUNBOOK.health, byHealthAnswers(given) ?? byChecks(given, RUNBOOK.health)),
  line(RUNBOOK.database, hasDatabase(given.service) ? byChecks(given, RUNBOOK.database) : NOT_CONFIGURED),
  line(
    RUNBOOK.dependencies,
    hasDependencies(given.service) ? byChecks(given, RUNBOOK.dependencies) : NOT_CONFIGURED,
  ),
  line(RUNBOOK.deployment, deploymentAnswer(byChecks(given, RUNBOOK.deployment))),
];

const NOT_CONFIGURED: Answer = { answer: 'not-configured', note: 'none in the inventory' };
const hasDatabase = ({ database }: Service): boolean => database !== undefined;
const hasDependencies = (service: Service): boolean =>
  service.dependencies.length > 0 || hasDatabase(service);

const line = ({ question }: RunbookLine, answer: Answer): ChecklistLine => ({ question, ...answer });

/** A failed check says no; silence of one needed reading keeps a yes from being said. */
const byChecks = (
  { evaluations, service, hosts }: Case,
  { checks, enough = [], hint = 'no' }: RunbookLine,
): Answer => {
  const own = evaluations.filter(
    ({ check, outcome }) => checks.includes(check) && outcome.status !== 'skipped',
  );
  const failed = own.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.finding] : []));
  const worst = failed.find(({ confidence }) => confidence !== 'possible') ?? failed[0];
  if (worst !== undefined) {
    const same = failed.filter(({ check }) => check === worst.check);
    const answer = worst.confidence === 'possible' ? hint : 'no';
    return { answer, note: groupSummary(same, service.hosts.length) };
  }
  const decisive = own.filter(({ check }) => enough.includes(check));
  if (decisive.length > 0 && decisive.every(isSeen)) return { answer: 'yes', note: passedWords(decisive) };
  const gap = decisive.find(isGap) ?? own.find(isGap);
  if (gap !== undefined) return { answer: 'unknown', note: gapWords(gap, hosts) };
  const passed = own.filter(({ outcome }) => outcome.status === 'passed');
  return passed.length === 0 ? { ...NOT_CONFIGURED } : { answer: 'yes', note: passedWords(passed) };
};

const isGap = ({ outcome, gaps }: Evaluation): boolean => outcome.status === 'unknown' || gaps.length > 0;
const isSeen = ({ outcome, gaps }: Evaluation): boolean => outcome.status === 'passed' && gaps.length === 0;

/** Why a host was not reached stands once, below the checklist. */
const gapWords = ({ gaps, target }: Evaluation, hosts: readonly HostReach[]): string => {
  const [gap] = gaps;
  if (gap === undefined) return `${target.name}: not read`;
  const lost = hosts.find(({ name, reached }) => !reached && (name === gap.via || name === gap.target.name));
  return lost === undefined ? `${gap.target.name}: ${gap.reason}` : `${lost.name} was not reached`;
};

/** The words of each check once, for its first target, and on how many it passed. */
export const passedWords = (passed: readonly Evaluation[], most = 2): string => {
  // That a dependency answers well says nothing beside how fast it was reached.
  const limit = passed[0]?.scope === 'dependency' ? 1 : most;
  const checks = [...new Set(passed.map(({ check }) => check))].slice(0, limit);
  const words = checks.flatMap((check) => {
    const same = passed.filter((evaluation) => evaluation.check === check);
    const [first] = same;
    if (first?.outcome.status !== 'passed') return [];
    const { summary } = first.outcome;
    if (same.length === 1) return [summary];
    // Each dependency has a word of its own; hosts are all alike.
    return first.scope === 'dependency'
      ? [same.flatMap(({ outcome }) => (outcome.status === 'passed' ? [outcome.summary] : [])).join(', ')]
      : [`${first.target.name}: ${summary} (${same.length} of ${same.length} hosts)`];
  });
  return words.filter((each) => !words.some((other) => other !== each && other.startsWith(each))).join('; ');
};

/** Who answers runs, whatever may not be read about it; and where no unit is known, the reader is told so. */
const processAnswer = ({ service, sightings: { app, health } }: Case, read: Answer): Answer => {
  const unknownUnit = service.unit === undefined ? '; no unit in the inventory' : '';
  if (read.answer === 'yes') return { ...read, note: `${read.note}${unknownUnit}` };
  if (read.answer === 'no') return read;
  const answers = [...app, ...health].filter(({ answer }) => answer.status !== null && !isFrontOwn(answer));
  if (!service.hosts.every((name) => answers.some(({ host }) => host === name))) return read;
  return { answer: 'yes', note: `it answers on port ${servicePort(service)}${unknownUnit}` };
};

const byHealthAnswers = ({ sightings: { health }, service, findings }: Case): Answer | null => {
  const [first] = health;
  if (first === undefined) return null;
  const good = health.filter(
    ({ host, answer: { status } }) =>
      status !== null &&
      status < 300 &&
      !findings.some(({ check, target }) => target.name === host && HEALTH_CHECKS.includes(check)),
  );
  const bad = health.filter((item) => !good.includes(item)).map(({ answer }) => answer);
  const words = listOf(bad);
  if (bad.length > 0) {
    return { answer: 'no', note: `${words}${shareWords(health.length - good.length, service)}` };
  }
  if (health.length < service.hosts.length) {
    const missing = service.hosts.filter((name) => !health.some(({ host }) => host === name));
    return {
      answer: 'unknown',
      note: `${health.length} of ${service.hosts.length} heard; not ${missing.join(', ')}`,
    };
  }
  const slowest = Math.max(...health.map(({ answer }) => answer.firstByteMs));
  return {
    answer: 'yes',
    note: `${answerWords(first.answer)}${shareWords(good.length, service)}, ${durationWords(slowest)}`,
  };
};
const shareWords = (count: number, { hosts }: Service): string =>
  hosts.length === 1 ? '' : ` on ${count} of ${hosts.length} hosts`;

const HEALTH_CHECKS: readonly string[] = RUNBOOK.health.checks;

/** The question is turned round: a failed deployment check means yes. */
const deploymentAnswer = ({ answer, note }: Answer): Answer => {
  if (answer === 'no') return { answer: 'yes', note };
  return answer === 'yes' ? { answer: 'no', note } : { answer, note };
};
