import { defineHostCheck } from './define-check.js';
import { on } from './evidence/on-host.js';
import { refusalOf } from './evidence/refusals.js';

/** The app's own words, which need no login of ours. What the server itself shows is upstream of them. */
export const appRefusedConnection = defineHostCheck({
  id: 'app-refused-connection',
  cause: 'database-connections',
  title: 'The database has no connection for the app',
  refutedBy: 'an app that tells of no refused connection',
  needs: [],
  uses: ['healthAnswer', 'appAnswer', 'unitJournal'],

  evaluate({ healthAnswer, appAnswer, unitJournal }, { service, host, now }) {
    const answers = [healthAnswer, appAnswer].flatMap((each) => each ?? []);
    if (answers.length === 0) return { status: 'skipped', reason: 'no answer of the app was read' };
    const refused = refusalOf('database-connections', { answers, journal: unitJournal, now });
    if (refused === null) return { status: 'passed', summary: 'the app names no refusal' };
    const { who, inAnswer, quotes } = refused;
    return {
      status: 'failed',
      confidence: inAnswer ? 'confirmed' : 'likely',
      summary: `the app${on(host, service)} is refused: ${who}`,
      evidence: quotes,
    };
  },
});
