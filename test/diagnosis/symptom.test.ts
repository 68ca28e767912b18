import { describe, expect, it } from 'vitest';
import { observe } from '../../src/diagnosis/observe.js';
import { sightings } from '../../src/diagnosis/sightings.js';
import { symptomOf } from '../../src/diagnosis/symptom.js';
import type { HttpAnswer } from '../../src/probes/http-answer.js';
import { memberAnswer } from '../../src/probes/member-answer.js';
import { reading } from '../builders/readings.js';
import { three } from './host-cases.js';
import {
  answer,
  app503,
  haproxy503,
  readingsOf,
  refused,
  serviceOf,
  toldProbes,
  type Situation,
} from './situation.js';

const symptom = (situation: Situation) => {
  const service = serviceOf(situation);
  return symptomOf(sightings(service, observe(readingsOf(situation), toldProbes)), service);
};
const OK = answer(200);

describe('symptomOf', () => {
  it.each<[name: string, situation: Situation, state: string, status: number | null, summary: string]>([
    ['all public requests fail', { public: three(haproxy503) }, 'failing', 503, '3 of 3 requests got 503'],
    ['a share of them', { public: [OK, OK, answer(502)] }, 'partial', 502, '1 of 3 requests got 502'],
    ['none', { public: three(OK), health: app503 }, 'healthy', null, 'answers 200 in 34 ms'],
    ['a redirect is an answer', { public: three(answer(302)) }, 'healthy', null, 'answers 302 in 34 ms'],
    ['silence', { public: [refused] }, 'failing', null, 'the request got no answer (refused)'],
    [
      'the pool is empty',
      { behind: 'haproxy', members: { a: 'DOWN', b: 'MAINT' } },
      'failing',
      503,
      '0 of 2 members of the pool take requests',
    ],
    [
      'the balancer routes around',
      { behind: 'haproxy', members: { a: 'UP', b: 'DOWN' }, health: { 'api-1': OK, 'api-2': refused } },
      'healthy',
      null,
      '1 of 2 members of the pool take requests',
    ],
    [
      'a sick member in use',
      { behind: 'haproxy', members: { a: 'UP', b: 'UP' }, health: { 'api-1': OK, 'api-2': app503 } },
      'partial',
      503,
      '1 of 2 members in use answer 503',
    ],
    ['health on all hosts', { health: app503 }, 'failing', 503, 'health check answers 503 on 2 of 2 hosts'],
    [
      'health on one',
      { health: { 'api-1': OK, 'api-2': refused } },
      'partial',
      null,
      'health check gets no answer (refused) on 1 of 2 hosts',
    ],
    [
      'a wrong path of the only witness',
      { health: answer(404) },
      'failing',
      404,
      'health check answers 404 on 2 of 2 hosts',
    ],
    ['all is well', { health: OK }, 'healthy', null, 'health check answers 200 in 34 ms on 2 hosts'],
    [
      'one host not heard',
      { health: OK, unreached: ['api-2'] },
      'unseen',
      null,
      'health check answers 200 in 34 ms on 1 host; api-2 not heard',
    ],
    [
      'nothing at all',
      {},
      'unseen',
      null,
      'nothing tells what users get: no answer of the service could be read',
    ],
  ])('%s', (_name, situation, state, status, summary) => {
    expect(symptom(situation)).toMatchObject({ state, status, summary });
  });
});

describe('a witness in front that was not heard', () => {
  it('leaves open what users get, though every host answers well', () => {
    const service = serviceOf({ health: OK, behind: 'haproxy' });
    const seen = sightings(service, observe(readingsOf({ health: OK }), toldProbes));
    expect(symptomOf(seen, service)).toMatchObject({ state: 'unseen' });
  });
});

describe('the same question at each member', () => {
  const asked = (...answers: HttpAnswer[]) => {
    const situation: Situation = {
      ...{ behind: 'haproxy', public: three(OK) },
      members: { a: 'UP', b: 'UP', c: 'DOWN' },
    };
    const service = serviceOf(situation);
    const members = answers.map((given, index) => ({
      ...{ name: 'abc'[index] ?? '', address: `10.0.0.${String(index)}:80`, answer: given },
    }));
    const target = { kind: 'balancer', name: 'api' } as const;
    const readings = [...readingsOf(situation), reading('memberAnswer', { members }, target)];
    return symptomOf(sightings(service, observe(readings, { ...toldProbes, memberAnswer })), service);
  };

  it('tells that some users are turned away whom our own three requests did not meet', () => {
    expect(asked(OK, answer(502), OK)).toMatchObject({
      ...{ state: 'partial', status: 502, failed: 1, asked: 2 },
      ...{ summary: '1 of 2 members in use answer 502', ours: 'ours got 200 in 34 ms' },
    });
  });

  it.each([
    ['of a member that takes no requests', [OK, OK, app503]],
    ['that is the app’s own fault of another kind', [OK, answer(500), OK]],
    ['that did not come', [OK, refused, OK]],
    ['that all of them give: it was asked wrongly', [answer(502), answer(502), OK]],
  ])('tells nothing by an answer %s', (_name, answers) => {
    expect(asked(...answers)).toMatchObject({ state: 'healthy' });
  });

  it('takes what a host answered in the end for its member that was late', () => {
    const late: HttpAnswer = {
      ...refused,
      failure: { rung: 'answer', kind: 'timeout', message: 'no answer within 1500 ms' },
    };
    const situation: Situation = {
      ...{ behind: 'haproxy', public: three(OK) },
      members: { 'api-1': 'UP', 'api-2': 'UP' },
      app: { 'api-1': OK, 'api-2': app503 },
    };
    const service = serviceOf(situation);
    const members = [
      { name: 'api-1', address: '10.0.0.1:80', answer: OK },
      { name: 'api-2', address: '10.0.0.2:80', answer: late },
    ];
    const target = { kind: 'balancer', name: 'api' } as const;
    const readings = [...readingsOf(situation), reading('memberAnswer', { members }, target)];
    const seen = sightings(service, observe(readings, { ...toldProbes, memberAnswer }));
    expect(symptomOf(seen, service)).toMatchObject({ state: 'partial', status: 503, failed: 1, asked: 2 });
  });
});
