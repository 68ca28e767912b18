import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../src/slack/listeners/parse-command.js';

const NAMES = ['api-prod', 'api-stage', 'shop', 'list-api'];

describe('parseCommand', () => {
  it.each([
    ['', { kind: 'pick' }],
    ['  \n\t ', { kind: 'pick' }],
    ['help', { kind: 'help' }],
    ['HELP', { kind: 'help' }],
    ['list', { kind: 'list' }],
    ['status shop', { kind: 'status', service: 'shop' }],
    ['status', { kind: 'unknown', typed: '', nearest: [] }],
    ['api-prod', { kind: 'diagnose', service: 'api-prod' }],
    ['  Api-Prod ', { kind: 'diagnose', service: 'api-prod' }],
    ['api-prdo', { kind: 'unknown', typed: 'api-prdo', nearest: ['api-prod'] }],
    ['api', { kind: 'unknown', typed: 'api', nearest: ['api-prod', 'api-stage'] }],
    ['api-prod now please', { kind: 'unknown', typed: 'api-prod now please', nearest: ['api-prod'] }],
    ['zzzzzzzz', { kind: 'unknown', typed: 'zzzzzzzz', nearest: [] }],
    ['--help', { kind: 'unknown', typed: '--help', nearest: [] }],
  ])('%j', (text, command) => {
    expect(parseCommand(text, NAMES)).toEqual(command);
  });

  it.each([
    ';id',
    '$(id)',
    '`id`',
    'api-prod\n;id',
    '--root=/',
    '-oProxyCommand=x',
    '%00',
    '../api-prod',
    'shop\u0000',
    'ѕhop',
    'ſhop',
    '__proto__',
    'x'.repeat(4000),
  ])('selects nothing by %j', (text) => {
    expect(parseCommand(text, NAMES).kind).toBe('unknown');
  });

  it('only ever selects a name of the inventory', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 5000 }), fc.constantFrom(...NAMES)),
        (text) => {
          const command = parseCommand(text, NAMES);
          if ('service' in command) expect(NAMES).toContain(command.service);
          if (command.kind === 'unknown') expect(command.typed.length).toBeLessThanOrEqual(80);
        },
      ),
      { numRuns: 300 },
    );
  });
});
