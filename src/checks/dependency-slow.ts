import { countOf, durationWords } from '../model/words.js';
import type { DatabaseSessions } from '../probes/database-sessions.js';
import type { DependencyAnswer } from '../probes/dependency-answer.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { allOf, DEPENDENCY_FACTS, quoteDependency, reachWords, type Seen } from './evidence/dependencies.js';
import { groupLines, lastUsage, usageLine } from './evidence/sessions.js';
import { secondsBetween } from './evidence/time.js';

/**
 * Milliseconds for one cheap question, the way through the host included. PING and SELECT 1 take less than one on a
 * healthy server; a page may take its time, but not this long.
 */
const SLOW_MS: Readonly<Record<DependencyAnswer['kind'], number>> = {
  redis: 250,
  postgres: 500,
  tcp: 1000,
  http: 2000,
};
const SLOWLOG_MS = 1000;
const SLOWLOG_RECENT_SECONDS = 600;
/** Ours: the last of them came to its end longer ago than anybody waits for an answer, so it holds nobody up now. */
const SLOWLOG_OVER_SECONDS = 120;
/** Half of the sessions, when at least five do it, run one statement for more than 5 s. */
const BUSY_SHARE = 0.5;
const BUSY_SESSIONS = 5;

/** It answers late, or was reached and says nothing. */
export const dependencySlow = defineServiceCheck({
  id: 'dependency-slow',
  cause: 'dependency',
  title: 'Dependency is slow',
  refutedBy: 'prompt answers, and no long command of late',
  scope: 'dependency',
  needs: [],
  uses: [...DEPENDENCY_FACTS, 'databaseSessions'],

  evaluate(facts, { target, now }) {
    const all = allOf(facts);
    const silent = all.filter(
      ({ fact: { failure } }) =>
        failure?.kind === 'timeout' && failure.rung !== 'tcp' && failure.rung !== 'dns',
    );
    if (silent.length > 0) {
      return {
        status: 'failed',
        // Who answers most of those who ask may be well: the way there, or who asked, is not.
        confidence: all.filter(isAnswered).length > silent.length ? 'likely' : 'confirmed',
        summary: `${target.name} takes the connection and gives no answer within ${durationWords(latency(silent))}, seen ${reachWords(silent, all)}`,
        evidence: quoteDependency(silent),
        byLatency: true,
      };
    }
    return (
      slowQueries(facts.databaseSessions[0]) ??
      slowCommands(all, target.name, now) ??
      slowAnswers(all, target.name)
    );
  },
});

const latency = (seen: readonly Seen[]): number => Math.min(...seen.map(({ fact }) => fact.latencyMs));

const isLate = ({ fact }: Seen): boolean => fact.latencyMs >= SLOW_MS[fact.kind];
/** A refusal is an answer, too. */
const isAnswered = ({ fact: { failure } }: Seen): boolean => failure === null || failure.code !== null;
const isPrompt = (seen: Seen): boolean => isAnswered(seen) && !isLate(seen);

const slowAnswers = (all: readonly Seen[], name: string): Outcome => {
  const well = all.filter(({ fact }) => fact.failure === null);
  if (well.length === 0) return { status: 'skipped', reason: 'it did not answer at all' };
  const slow = well.filter(isLate);
  if (slow.length === 0)
    return { status: 'passed', summary: `${name} answers in ${durationWords(latency(well))}` };
  return {
    status: 'failed',
    // Prompt from one place, the lateness is that of the other place.
    confidence: all.some(isPrompt) ? 'possible' : 'likely',
    summary: `${name} takes ${durationWords(latency(slow))} for one cheap question, seen ${reachWords(slow, all)}`,
    evidence: quoteDependency(slow),
    byLatency: true,
  };
};

/** Redis does one thing at a time: a command of a second is a second of silence for all. */
const slowCommands = (all: readonly Seen[], name: string, now: string): Outcome | null => {
  for (const from of all) {
    const { slowlog } = from.fact.details;
    const entries = (Array.isArray(slowlog) ? slowlog : []).flatMap((entry) => asSlow(entry));
    const found = longOnes(entries, name, now) ?? oneAfterAnother(entries, name, now);
    if (found === null) continue;
    const { commands, ...outcome } = found;
    const lines = commands.map(
      ({ at, durationMs, command }) => `${at} ${durationWords(durationMs)} ${command}`,
    );
    return { status: 'failed', ...outcome, evidence: [{ from, excerpt: lines.join('\n') }] };
  }
  return null;
};

type SlowCommand = { readonly at: string; readonly durationMs: number; readonly command: string };
type Held = Pick<Extract<Outcome, { status: 'failed' }>, 'confidence' | 'summary' | 'since'> & {
  readonly commands: readonly SlowCommand[];
};

const longOnes = (entries: readonly SlowCommand[], name: string, now: string): Held | null => {
  const recent = entries.filter(
    ({ at, durationMs }) => durationMs >= SLOWLOG_MS && secondsBetween(at, now) <= SLOWLOG_RECENT_SECONDS,
  );
  const [worst] = recent.toSorted((a, b) => b.durationMs - a.durationMs);
  if (worst === undefined || recent.every(({ at }) => secondsBetween(at, now) > SLOWLOG_OVER_SECONDS))
    return null;
  const lately = withoutCalls(recent).filter(({ at }) => isWithin(LATELY_SECONDS, at, now));
  if (holdAllTheTime(lately, now)) {
    const held = durationWords(lately.reduce((sum, { durationMs }) => sum + durationMs, 0));
    return {
      confidence: 'confirmed',
      summary: `${countOf(lately.length, 'command')} one after another held ${name} up for ${held} of the last half minute, the longest ${durationWords(worst.durationMs)}`,
      commands: recent,
      since: worst.at,
    };
  }
  return {
    confidence: recent.length > 1 ? 'likely' : 'possible',
    summary: `${countOf(recent.length, 'command')} held ${name} up for over a second in the last 10 minutes, the longest ${durationWords(worst.durationMs)}`,
    commands: recent,
    since: worst.at,
  };
};

/** Nobody is answered for longer than a moment, though we may be, between two of them. Ours. */
const LATELY_SECONDS = 30;
const SOME = 3;
const NEARLY_ALL = 0.8;
const LONG_MS = 10_000;
const holdAllTheTime = (commands: readonly SlowCommand[], now: string): boolean => {
  const heldMs = commands.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const begun = commands.map(({ at, durationMs }) => secondsBetween(at, now) * 1000 + durationMs);
  return commands.length >= SOME && heldMs >= Math.max(LONG_MS, NEARLY_ALL * Math.max(...begun));
};

/** Redis before 7 tells what a script calls as well. */
const withoutCalls = (commands: readonly SlowCommand[]): readonly SlowCommand[] => {
  const scripts = commands.filter(({ command }) => /^(?:EVAL|FCALL)/i.test(command));
  return scripts.length > 0 ? scripts : commands;
};

/** Not of a clock that is ahead. */
const isWithin = (seconds: number, at: string, now: string): boolean =>
  secondsBetween(at, now) <= seconds && secondsBetween(at, now) >= -2 * SECOND;

/** Redis tells the second in which a command ended. */
const SECOND = 1;
const NOW_SECONDS = 10;
/** Fewer are single ones. Ours. */
const SEVERAL = 4;
/** Whoever asks meanwhile waits for more than one of them. Ours. */
const HELD_SHARE = 0.5;

/** Each of them is short, and the next one follows: a pipeline, a transaction, or somebody who asks without a pause. */
const oneAfterAnother = (entries: readonly SlowCommand[], name: string, now: string): Held | null => {
  const recent = entries
    .filter(({ at }) => isWithin(NOW_SECONDS, at, now))
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const sorted = withoutCalls(recent);
  if (sorted.length < SEVERAL) return null;
  const [oldest, newest] = [sorted[0], sorted.at(-1)];
  if (oldest === undefined || newest === undefined) return null;
  const heldMs = sorted.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const seconds = secondsBetween(oldest.at, newest.at) + SECOND;
  if (heldMs < SLOWLOG_MS || heldMs < HELD_SHARE * seconds * 1000) return null;
  return {
    confidence: 'likely',
    summary: `${countOf(sorted.length, 'command')} one after another held ${name} up for ${durationWords(heldMs)} within ${String(seconds)} s`,
    commands: sorted,
    since: oldest.at,
  };
};

const asSlow = (entry: unknown): SlowCommand[] => {
  if (typeof entry !== 'object' || entry === null) return [];
  const { at, durationMs, command }: { at?: unknown; durationMs?: unknown; command?: unknown } = entry;
  return typeof at === 'string' && typeof durationMs === 'number' && typeof command === 'string'
    ? [{ at, durationMs, command }]
    : [];
};

/** Long statements and no lock between them: the database itself is slow, and connections are held for it. */
const slowQueries = (seen: Observed<DatabaseSessions> | undefined): Outcome | null => {
  const usage = seen && lastUsage(seen.fact);
  if (!seen || !usage) return null;
  const computing = usage.activeLong - usage.waitingForLock;
  if (computing < BUSY_SESSIONS || computing < usage.used * BUSY_SHARE) return null;
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `${String(computing)} of ${String(usage.used)} sessions run one statement for more than 5 s, without waiting for a lock`,
    evidence: [{ from: seen, excerpt: `${usageLine(usage)}\n${groupLines(seen.fact)}` }],
  };
};
