import { describe, expect, it } from 'vitest';
import { droppedOnHosts } from '../../src/checks/evidence/dropped-on-host.js';
import type { Observed } from '../../src/checks/define-check.js';
import type { Facts } from '../../src/probes/index.js';
import { NOW } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const given = service('shop', { hosts: ['web-1'], health: 'http://127.0.0.1:8000/health' });
const at = <Fact>(fact: Fact): Observed<Fact>[] => [
  { fact, target: { kind: 'host', name: 'web-1' }, via: 'web-1', source: 'asked', at: NOW },
];
const unheard: Facts['appAnswer'] = {
  ...answer(200),
  status: null,
  failure: { rung: 'tcp', kind: 'timeout', message: 'no answer within 4000 ms' },
};
const socket = (queued: number, address = '127.0.0.1'): Facts['listenSockets'] => [
  { kind: 'tcp', address, port: 8000, queued, queuedAgain: queued, limit: 16, line: '', lineAgain: null },
];
const counters = (listenDrops: number): Facts['tcpCounters'] => ({
  seconds: 0.3,
  listenOverflows: 0,
  listenDrops,
  totalOverflows: 0,
  totalDrops: listenDrops,
});
const judge = (app = unheard, sockets = socket(0), drops = 0, heard = at('PONG')) =>
  droppedOnHosts(
    {
      appAnswer: at(app),
      healthAnswer: at(unheard),
      listenSockets: at(sockets),
      tcpCounters: at(counters(drops)),
    },
    given,
    heard,
  );

describe('what is dropped on its own host', () => {
  it('is what is sent to an open port with an empty queue, and gets no connection', () => {
    expect(judge()).toHaveLength(1);
  });

  it.each([
    ['an app whose queue is full', judge(unheard, socket(17))],
    ['an app whose queue was full in between', judge(unheard, socket(0), 3)],
    ['an app that nobody is behind', judge(unheard, [])],
    ['an app that listens elsewhere', judge(unheard, socket(0, '10.0.0.7'))],
    [
      'an app that takes the connection and says nothing',
      judge({ ...unheard, failure: { rung: 'answer', kind: 'timeout', message: 'late' } }),
    ],
    ['an app that answers', judge(answer(503))],
    ['an app on a host that makes no connection at all', judge(unheard, socket(0), 0, [])],
  ])('is not %s', (_name, hosts) => {
    expect(hosts).toEqual([]);
  });
});
