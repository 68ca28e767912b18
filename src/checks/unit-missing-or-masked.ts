import { defineHostCheck } from './define-check.js';
import { propertyLines } from './host/last-run.js';
import { onPort } from './host/port.js';

const WORDS: Record<string, string> = {
  'not-found': 'is not installed',
  masked: 'is masked: it cannot be started until somebody unmasks it',
  'bad-setting': 'cannot be loaded: its unit file has a wrong setting',
  error: 'cannot be loaded',
};

export const unitMissingOrMasked = defineHostCheck({
  id: 'unit-missing-or-masked',
  cause: 'not-started',
  title: 'Unit is missing or masked',
  refutedBy: 'a unit that systemd has loaded',
  needs: ['unitState'],
  uses: ['listenSockets'],

  evaluate({ unitState, listenSockets }, { service }) {
    const { id, loadState, activeState, stateChangeAt } = unitState.fact;
    const words = WORDS[loadState];
    if (words === undefined) return { status: 'passed', summary: `${id} is ${loadState}` };

    const listens = listenSockets !== undefined && onPort(listenSockets.fact, service).length > 0;
    const runs = activeState === 'active' || listens;
    return {
      status: 'failed',
      // Masking leaves what runs alone, and a service that listens under another unit's name runs too.
      confidence: runs ? 'possible' : 'confirmed',
      summary: `${id} ${words}${listens ? '; yet its port is open: is `unit` right in the inventory?' : ''}`,
      evidence: [
        {
          from: unitState,
          excerpt: propertyLines(unitState.fact, ['Id', 'LoadState', 'ActiveState', 'UnitFileState']),
        },
      ],
      ...(stateChangeAt === null || runs ? {} : { since: stateChangeAt }),
    };
  },
});
