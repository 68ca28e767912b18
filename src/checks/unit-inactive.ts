import type { UnitJournal } from '../probes/unit-journal.js';
import type { Observed, Quote } from './define-check.js';
import { defineHostCheck } from './define-check.js';
import { byManager, propertyLines } from './host/last-run.js';
import { onPort } from './host/port.js';

const MAX_QUOTED = 4;

export const unitInactive = defineHostCheck({
  id: 'unit-inactive',
  cause: 'not-started',
  title: 'Unit is stopped',
  refutedBy: 'a unit that is active',
  needs: ['unitState'],
  uses: ['unitJournal', 'listenSockets'],

  evaluate({ unitState, unitJournal, listenSockets }, { service }) {
    const { id, activeState, loadState, subState, triggeredBy, inactiveEnterAt } = unitState.fact;
    if (loadState !== 'loaded') return { status: 'skipped', reason: `${id} is ${loadState}` };
    if (activeState !== 'inactive')
      return { status: 'passed', summary: `${id} is ${activeState} (${subState})` };
    const listens = listenSockets !== undefined && onPort(listenSockets.fact, service).length > 0;
    if (triggeredBy !== '' && listens) {
      return { status: 'skipped', reason: `${id} is started on demand by ${triggeredBy}` };
    }
    const { how, at, quoted } = unitJournal === undefined ? NO_JOURNAL : howItEnded(unitJournal.fact);
    const since = inactiveEnterAt ?? at;
    return {
      status: 'failed',
      // Another listener on the port may be what really serves: then the inventory names the wrong unit.
      confidence: listens ? 'possible' : 'confirmed',
      summary: `${id} is inactive: ${how}${listens ? ', though something else listens on its port' : ''}`,
      evidence: [
        {
          from: unitState,
          excerpt: propertyLines(unitState.fact, ['ActiveState', 'SubState', 'UnitFileState']),
        },
        ...journalQuotes(unitJournal, quoted),
      ],
      ...(since === null ? {} : { since }),
      remediations: ['start-service'],
    };
  },
});

const journalQuotes = (from: Observed<UnitJournal> | undefined, quoted: readonly string[]): Quote[] =>
  from === undefined || quoted.length === 0 ? [] : [{ from, excerpt: quoted.join('\n') }];

type Ending = { how: string; at: string | null; quoted: string[] };
const NO_JOURNAL: Ending = { how: 'its journal was not read', at: null, quoted: [] };

/** systemd forgets a stopped unit that nothing wants, so only the journal tells how it ended. */
function howItEnded({ lines }: UnitJournal): Ending {
  const manager = lines.filter(byManager);
  const last = manager.findLast(({ message }) =>
    /was skipped because|unmet condition|asserts failed|Dependency failed|result 'dependency'|Deactivated successfully|^Stopped |Succeeded\./.test(
      message,
    ),
  );
  if (last === undefined)
    return { how: 'nothing about it in the journal of the last day', at: null, quoted: [] };
  const ending = { at: last.at, quoted: manager.slice(-MAX_QUOTED).map(({ line }) => line) };
  if (/skipped because|unmet condition/.test(last.message))
    return { ...ending, how: 'a condition of its start is not met' };
  if (/asserts failed/.test(last.message)) return { ...ending, how: 'an assertion of its start failed' };
  if (/Dependency failed|result 'dependency'/.test(last.message)) {
    return { ...ending, how: 'a unit that it requires failed to start' };
  }
  const begun = manager.findLastIndex(({ message }) => /^Start(ed|ing) /.test(message));
  const asked = manager.slice(begun + 1).some(({ message }) => message.startsWith('Stopping '));
  return { ...ending, how: asked ? 'it was stopped' : 'it ended by itself' };
}
