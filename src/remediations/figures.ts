import type { z } from 'zod';
import type { Reading } from '../model/reading.js';
import type { Figure } from '../model/remediation.js';
import { durationWords } from '../model/words.js';
import { balancerMembers } from '../probes/balancer-members.js';
import { databaseSessions } from '../probes/database-sessions.js';
import { healthAnswer } from '../probes/health-answer.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { publicAnswer } from '../probes/public-answer.js';
import { isUp } from './members.js';
import { factOf } from './world.js';

type Readings = readonly Reading[];
type Measure = (readings: Readings) => string | null;

/** First what users get, then the figures that causes are about. */
const MEASURES: readonly [string, Measure][] = [
  [
    'What users get',
    (readings) => answerWords(allOf(readings, publicAnswer).flatMap(({ answers }) => answers)),
  ],
  ['Health check', (readings) => answerWords(allOf(readings, healthAnswer))],
  ['Database connections', (readings) => usage(readings, ({ used, usable }) => `${used} of ${usable} used`)],
  [
    'Idle in transaction',
    (readings) => usage(readings, ({ idleInTransaction }) => String(idleInTransaction)),
  ],
  ['Members up', membersUp],
];

/** Before and after, measured by the same probes; what was measured neither time is left out. */
export function figuresOf(before: Readings, after: Readings): Figure[] {
  return MEASURES.flatMap(([name, measure]) => {
    const [was, is] = [measure(before), measure(after)];
    return was === null && is === null ? [] : [{ name, before: was ?? 'unknown', after: is ?? 'unknown' }];
  });
}

function allOf<Fact extends z.ZodType>(
  readings: Readings,
  probe: { readonly id: string; readonly fact: Fact },
): z.output<Fact>[] {
  const names = new Set(readings.filter(({ probe: id }) => id === probe.id).map(({ target }) => target.name));
  return [...names].flatMap((name) => {
    const fact = factOf({ readings }, probe, name);
    return fact === null ? [] : [fact];
  });
}

/** "503 on 3 of 3, 12 ms". */
function answerWords(answers: readonly HttpAnswer[]): string | null {
  if (answers.length === 0) return null;
  const bad = answers.filter(({ status }) => status === null || status >= 500);
  const [worst] = bad.length > 0 ? bad : answers;
  const slowest = Math.max(...answers.map(({ firstByteMs }) => firstByteMs));
  const count = bad.length > 0 ? bad.length : answers.length;
  return `${worst?.status ?? 'no answer'} on ${count} of ${answers.length}, ${durationWords(slowest)}`;
}

type Usage = NonNullable<ReturnType<typeof usageOf>>;
const usageOf = (readings: Readings) => factOf({ readings }, databaseSessions)?.usage.at(-1);
const usage = (readings: Readings, words: (usage: Usage) => string): string | null => {
  const last = usageOf(readings);
  return last === undefined ? null : words(last);
};

function membersUp(readings: Readings): string | null {
  const fact = factOf({ readings }, balancerMembers);
  return fact === null ? null : `${fact.members.filter(isUp).length} of ${fact.members.length}`;
}
