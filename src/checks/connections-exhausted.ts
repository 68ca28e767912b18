import type { DatabaseSessions } from '../probes/database-sessions.js';
import { countOf } from '../model/words.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { isBad } from './evidence/answers.js';
import { formatSeconds } from './host/clock.js';
import { quoteLines, recentLines } from './evidence/journal.js';
import { secondsBetween } from './evidence/time.js';
import {
  biggestGroup,
  groupLines,
  inBothSamples,
  isExhausted,
  lastUsage,
  NOT_LISTED,
  usageLine,
  wasNotListed,
} from './evidence/sessions.js';

/** One burst of a pool away from full. */
const NEARLY_FULL = 0.95;
/** Worth a word, never an explanation. */
const CROWDED = 0.8;
/** A pool that asks in bursts finds slots between two refusals. */
const STILL_SECONDS = 10;
const NO_SLOT = '53300';
/** That SQLSTATE in the words of PostgreSQL 9.6 to 18, as far as it speaks English (`lc_messages`). */
const REFUSED =
  /too many clients already|remaining connection slots are reserved|too many connections for (role|database)/;

/** No connection slot is left for the app. A refusal of our own login is the proof, not a failure to look. */
export const connectionsExhausted = defineServiceCheck({
  id: 'connections-exhausted',
  cause: 'database-connections',
  title: 'Database connections are exhausted',
  refutedBy: 'connections to spare for the app',
  scope: 'service',
  needs: ['databaseSessions'],
  uses: ['unitJournal', 'publicAnswer', 'appAnswer', 'healthAnswer'],

  evaluate({ databaseSessions, unitJournal, publicAnswer, appAnswer, healthAnswer }, { now }) {
    const seen = databaseSessions[0];
    if (!seen) return { status: 'skipped', reason: 'the database was not read' };
    const answers = [
      ...publicAnswer.flatMap(({ fact }) => fact.answers),
      ...[...appAnswer, ...healthAnswer].map(({ fact }) => fact),
    ].filter(isBad);
    const hits = recentLines(unitJournal, REFUSED, now);
    const words = [...answers.map(({ body }) => body), ...hits.map(({ line }) => line)].join('\n');
    const full = refusedLogin(seen, words) ?? exhaustedLimit(seen, words) ?? fullServer(seen);
    if (full) return full;

    const usage = lastUsage(seen.fact);
    const numbers = usage
      ? `${String(usage.used)} of ${String(usage.usable)} usable connections used`
      : 'not counted';
    const [first, last] = [hits[0], hits.at(-1)];
    if (first === undefined || last === undefined)
      return wasNotListed(seen.fact) ? NOT_LISTED : { status: 'passed', summary: numbers };
    const ago = secondsBetween(last.at, now);
    const refusals = `the app was refused ${countOf(hits.length, 'connection')}, last ${formatSeconds(ago)} ago`;
    const named = answers.some(({ body }) => REFUSED.test(body));
    // Free slots now: what was refused before is over, unless requests still say so.
    if (!named && ago > STILL_SECONDS)
      return { status: 'passed', summary: `${numbers} now; before, ${refusals}` };
    return {
      status: 'failed',
      confidence: named ? 'likely' : 'possible',
      summary: `${numbers} now, but ${refusals}`,
      evidence: quoteLines(hits),
      since: first.at,
      remediations: REMEDIES,
    };
  },
});

const REMEDIES = ['end-idle-sessions', 'restart-service'] as const;

const OWN_LIMIT = /too many connections for (role|database) "([^"]*)"/;

/** Whatever its language: what every login is told names nobody; a limit of a role or a database names it, in quotes. */
const MAY_NAME = /["«»„“”\uFFFD]/;

/**
 * The server's slots are the app's, too. The limit of a role or a database is the app's only if the app is refused in
 * the same words: ours is a login of its own, with a small limit.
 */
const refusedLogin = (seen: Observed<DatabaseSessions>, words: string): Outcome | null => {
  const { refused, address } = seen.fact;
  if (refused?.code !== NO_SLOT) return null;
  const isKnown = REFUSED.test(refused.message);
  if (!isKnown && MAY_NAME.test(refused.message))
    return {
      status: 'unknown',
      reason: `our own login was refused (${refused.message}), perhaps by a limit of its own; \`lc_messages = 'C'\` would let us read why`,
    };
  const [limit, kind = '', name = ''] = OWN_LIMIT.exec(refused.message) ?? [];
  if (limit !== undefined && !words.includes(limit)) {
    return {
      status: 'unknown',
      reason: `our own login was refused (${limit}), which tells nothing about the app's; \`ALTER ${kind.toUpperCase()} ${name} CONNECTION LIMIT n\` with a greater n would let us look`,
    };
  }
  return {
    status: 'failed',
    confidence: isKnown ? 'confirmed' : 'likely',
    summary:
      limit === undefined
        ? `every usable connection of ${address.replace(/^[^@]*@/, '')} is taken: our own login was refused`
        : `every connection that ${kind} ${name} may have is taken, for the app and for us; the server itself has room`,
    evidence: [{ from: seen, excerpt: refused.message }],
    remediations: REMEDIES,
  };
};

/** A full limit is the app's when the app says so; else when all its sessions are in the database of the service. */
const exhaustedLimit = (seen: Observed<DatabaseSessions>, words: string): Outcome | null => {
  const all = seen.fact.limits.filter(({ limit, used }) => limit > 0 && used >= limit);
  const said = all.find(({ kind, name }) => words.includes(`too many connections for ${kind} "${name}"`));
  const full = said ?? all.find(({ used, usedHere }) => usedHere === used) ?? all[0];
  if (full === undefined) return null;
  return {
    status: 'failed',
    confidence: said ? 'confirmed' : full.usedHere === full.used ? 'likely' : 'possible',
    summary: `${String(full.used)} of ${String(full.limit)} connections of ${full.kind} ${full.name} are taken; the server itself has room`,
    evidence: [
      {
        from: seen,
        excerpt: `${full.kind} ${full.name}: CONNECTION LIMIT ${String(full.limit)}, used ${String(full.used)}\n${groupLines(seen.fact)}`,
      },
    ],
    remediations: REMEDIES,
  };
};

const fullServer = (seen: Observed<DatabaseSessions>): Outcome | null => {
  const usage = lastUsage(seen.fact);
  if (usage === null || !inBothSamples(seen.fact, ({ used, usable }) => used >= usable * CROWDED))
    return null;
  const nearly = inBothSamples(seen.fact, ({ used, usable }) => used >= usable * NEARLY_FULL);
  const full = inBothSamples(seen.fact, isExhausted);
  return {
    status: 'failed',
    confidence: full ? 'confirmed' : nearly ? 'likely' : 'possible',
    summary: `${String(usage.used)} of ${String(usage.usable)} usable connections are taken, ${biggestGroup(seen.fact)}`,
    evidence: [{ from: seen, excerpt: `${usageLine(usage)}\n${groupLines(seen.fact)}` }],
    remediations: REMEDIES,
  };
};
