import { describe, expect, it } from 'vitest';
import { dependencySlow } from '../../src/checks/dependency-slow.js';
import type { Facts } from '../../src/probes/index.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

type Command = [secondsAgo: number, durationMs: number];
const judge = (commands: readonly Command[]) => {
  const slowlog = commands.map(([ago, durationMs]) => ({
    at: new Date(Date.parse(NOW) - ago * 1000).toISOString(),
    ...{ durationMs, command: 'KEYS basket:*' },
  }));
  const fact: Facts['redisDependency'] = {
    ...{ kind: 'redis', address: 'cache:6379', rung: 'answer', failure: null, latencyMs: 1 },
    ...{ certificateExpiresAt: null, details: { slowlog }, lines: [] },
  };
  const seen = reading('redisDependency', fact, { kind: 'dependency', name: 'cache' });
  return outcomeOf(dependencySlow, service('shop'), [seen]);
};
const many = (secondsAgo: number, durationMs: number): Command[] =>
  Array.from({ length: 10 }, (_, place) => [secondsAgo + Math.floor(place / 4), durationMs]);

describe('a slow command of Redis', () => {
  it.each<[name: string, commands: Command[], status: string]>([
    ['goes on', [[30, 4000]], 'failed'],
    ['is over for minutes', [[300, 4000]], 'passed'],
    ['is one of many, one after another', many(1, 240), 'failed'],
    ['is one of many that are over', many(30, 240), 'passed'],
    ['leaves time for others', many(1, 90), 'passed'],
    [
      'is one of two',
      [
        [1, 600],
        [1, 600],
      ],
      'passed',
    ],
    ['is of a clock that is ahead', many(-3600, 240), 'passed'],
  ])('%s', (_name, commands, status) => {
    expect(judge(commands)).toMatchObject({ status });
  });

  it('counts with those that follow it', () => {
    expect(judge(many(1, 240))).toMatchObject({
      finding: {
        confidence: 'likely',
        summary: '10 commands one after another held cache up for 2.4 s within 3 s',
      },
    });
  });

  it.each<[name: string, commands: Command[], confidence: string]>([
    [
      'is proven where long ones leave no time for others',
      [
        [1, 4000],
        [5, 4000],
        [9, 4000],
      ],
      'confirmed',
    ],
    [
      'is likely where they leave some',
      [
        [1, 4000],
        [9, 4000],
        [17, 4000],
      ],
      'likely',
    ],
    [
      'is likely where the last ended a while ago',
      [
        [10, 4000],
        [14, 4000],
        [18, 4000],
      ],
      'likely',
    ],
    [
      'is likely where they hold it for some seconds',
      [
        [0, 1010],
        [1, 1010],
        [2, 1010],
      ],
      'likely',
    ],
    [
      'is likely by a clock that is ahead',
      [
        [-58, 4000],
        [-40, 4000],
        [-20, 4000],
      ],
      'likely',
    ],
    ['is possible where it is one', [[1, 4000]], 'possible'],
  ])('%s', (_name, commands, confidence) => {
    expect(judge(commands)).toMatchObject({ finding: { confidence } });
  });
});
