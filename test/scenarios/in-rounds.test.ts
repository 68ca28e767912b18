import { describe, expect, it } from 'vitest';
import { inRounds } from '../lab/scenario-files.js';

const few = ['not-started.a', 'not-started.b', 'not-started.c'];
const many = Array.from({ length: 30 }, (_, place) => `healthy.${String(place)}`);
const classOf = (id: string): string => id.split('.')[0] ?? id;

const inTurn = (...args: Parameters<typeof inRounds>): string[] => inRounds(...args).flat();

describe('a suite that goes through all of them, or is cut short', () => {
  it('meets each group in its first round, and large ones more than once', () => {
    const [first = []] = inRounds([...many, ...few], classOf, 0);
    expect(first.map(classOf).toSorted()).toEqual(['healthy', 'healthy', 'healthy', 'not-started']);
  });

  it('meets one class after the other in each round', () => {
    const ids = ['a.1', 'a.2', 'a.3', 'b.1', 'b.2', 'c.1'];
    expect(inTurn(ids, (id) => id, 0)).toEqual(['a.1', 'b.1', 'c.1', 'a.2', 'b.2', 'a.3']);
  });

  it('begins elsewhere each day, and so meets each of them in time', () => {
    const firsts = [0, 1, 2].map((day) => inTurn(few, classOf, day)[0]);
    expect(firsts).toEqual(few);
    const met = Array.from({ length: 10 }, (_, day) => inTurn(many, classOf, day).slice(0, 3)).flat();
    expect(new Set(met)).toEqual(new Set(many));
  });

  it('leaves none out', () => {
    expect(inTurn([...many, ...few], classOf, 20_000).toSorted()).toEqual([...many, ...few].toSorted());
  });
});
