import { postgresAddress } from '../clients/postgres-address.js';
import type { Plan } from '../model/plan.js';
import { countOf } from '../model/words.js';
import { databaseSessions } from '../probes/database-sessions.js';
import { defineRemediation } from './define-remediation.js';
import { END_SESSIONS, SESSIONS_LEFT } from './sql/end-idle-sessions.js';
import { factOf, type World } from './world.js';

/** Gives back the connections that forgotten transactions hold. */
export const endIdleSessions = defineRemediation({
  id: 'end-idle-sessions',
  title: 'End idle sessions',
  purpose:
    'Ends sessions of this application that began a transaction and forgot it: they hold connections and locks for nothing.',
  reads: { databaseSessions },

  draft(world) {
    const { rule, service } = world;
    const all = sessionsOf(world);
    if (all === null || service.database === undefined)
      return { fits: false, because: 'who holds the connections could not be read' };
    if (all.length === 0)
      return {
        fits: false,
        because: `no session of ${(rule.users ?? []).join(', ')} is idle in a transaction for ${rule.idleSeconds} s`,
      };
    const chosen = all.slice(0, rule.atMost);
    const more =
      all.length > chosen.length ? ` The other ${all.length - chosen.length} are left for a next time.` : '';
    const whose = [...new Set(chosen.map(({ user, application }) => application || (user ?? '')))].slice(
      0,
      3,
    );
    return {
      fits: true,
      plan: {
        label: `End ${countOf(chosen.length, 'idle session')}`,
        target: { kind: 'dependency', name: 'database' },
        steps: [
          {
            kind: 'sql',
            text: END_SESSIONS,
            look: SESSIONS_LEFT,
            parameters: [chosen.map(({ pid }) => pid), chosen.map(({ startedAt }) => startedAt)],
          },
        ],
        effect: `Ends ${countOf(chosen.length, 'session')} of ${whose.join(', ')} on ${postgresAddress(service.database.url).label}, each idle in a transaction for at least ${rule.idleSeconds} s.${more}`,
        blastRadius:
          'What these transactions have not committed is rolled back. Sessions that work, and those of others, are not touched; each is looked at again in the moment it is ended.',
        undo: null,
      },
    };
  },

  fingerprint: (world) =>
    Object.fromEntries(
      (sessionsOf(world) ?? []).map(({ pid, startedAt }) => [keyOf(pid, startedAt), 'idle']),
    ),

  /** Sessions come and go; the plan names those that it ends. Only when none of them is left is it another world. */
  moved(plan, world) {
    const now = sessionsOf(world);
    if (now === null) return 'who holds the connections could not be read again';
    const there = new Set(now.map(({ pid, startedAt }) => keyOf(pid, startedAt)));
    const left = plannedKeys(plan).filter((key) => there.has(key));
    return left.length > 0 ? null : 'none of these sessions sits idle in a transaction any more';
  },
});

const sessionsOf = (world: World) => {
  const fact = factOf(world, databaseSessions);
  if (fact?.idleSessions === undefined) return null;
  const { users = [], idleSeconds } = world.rule;
  return fact.idleSessions.filter(
    (session) => users.includes(session.user ?? '') && session.idleSeconds >= idleSeconds,
  );
};

const keyOf = (pid: number, startedAt: string): string => `session ${pid} of ${startedAt}`;

function plannedKeys({ steps }: Plan): string[] {
  const [step] = steps;
  if (step?.kind !== 'sql') return [];
  const [pids, starts] = step.parameters;
  if (!Array.isArray(pids) || !Array.isArray(starts)) return [];
  return pids.map((pid, index) => keyOf(Number(pid), String(starts[index])));
}
