import { describe, expect, it } from 'vitest';
import { balancerNotListening } from '../../src/checks/balancer-not-listening.js';
import type { Facts } from '../../src/probes/index.js';
import { parseOutput } from '../builders/recorded.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { answer, refused } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const OUTPUT = `LoadState=loaded
ActiveState=failed
SubState=failed
Result=exit-code
listed
at 0.0.0.0:22
at [::]:22
said [ALERT]    (612) : config : parsing [/etc/haproxy/haproxy.cfg:12] : 'timeout' supports 'client' but not 'queu'`;

const given = service('desk', {
  url: 'http://desk.example/',
  balancer: { kind: 'haproxy', pool: 'desk', host: 'lb-1', socket: '/run/haproxy/admin.sock' },
});
const judge = (
  change: Partial<Facts['balancerProcess']>,
  answers = [refused, refused, refused],
  stats?: Facts['balancerMembers'],
) => {
  const fact = { ...(parseOutput('balancerProcess', OUTPUT) as Facts['balancerProcess']), ...change };
  return outcomeOf(balancerNotListening, given, [
    reading('publicAnswer', { answers }, { kind: 'service', name: 'desk' }),
    reading('balancerProcess', fact, { kind: 'balancer', name: 'desk' }),
    ...(stats === undefined ? [] : [reading('balancerMembers', stats, { kind: 'balancer', name: 'desk' })]),
  ]);
};
const running = { activeState: 'active', subState: 'running', result: 'success', alerts: [] };

describe('users are refused at the balancer', () => {
  it('which does not run, and has said why', () => {
    expect(judge({})).toMatchObject({
      status: 'failed',
      finding: {
        cause: 'not-started',
        confidence: 'confirmed',
        summary: expect.stringContaining(
          'haproxy.service is failed, failed (exit-code); it said: [ALERT]',
        ) as string,
      },
    });
  });

  it('which runs and listens to itself only', () => {
    expect(judge({ ...running, listening: ['127.0.0.1:80', '0.0.0.0:22'] })).toMatchObject({
      finding: {
        cause: 'routing',
        confidence: 'likely',
        summary: expect.stringContaining('on port 80 only 127.0.0.1:80 listens') as string,
      },
    });
  });

  it('which may not be the one that they ask', () => {
    expect(judge({ ...running, listening: ['0.0.0.0:8443'] })).toMatchObject({
      finding: { cause: 'routing', confidence: 'possible' },
    });
    expect(judge({ ...running, listening: ['0.0.0.0:80'] })).toMatchObject({ status: 'passed' });
    expect(judge({ loadState: 'not-found', activeState: 'inactive' })).toMatchObject({ status: 'skipped' });
  });

  it('says nothing where one of them was answered', () => {
    expect(judge({}, [refused, answer(503)])).toMatchObject({ status: 'passed' });
  });

  it('whose frontend somebody disabled', () => {
    const row = {
      name: 'public',
      status: 'PAUSED',
      queued: 0,
      queuedMax: 0,
      sessions: 0,
      sessionLimit: null,
    };
    const counts = {
      responses5xx: 0,
      connectionErrors: 0,
      lastChangeSeconds: null,
      downTransitions: 0,
      active: 0,
    };
    const closed = { ...row, ...counts, line: 'public,FRONTEND,,,0,0,,0,0,0,0,0,0,,,,,PAUSED' };
    const stats: Facts['balancerMembers'] = {
      pool: { ...closed, name: 'BACKEND', status: 'UP' },
      members: [],
      fullFrontends: [],
      closedFrontends: [closed],
      rejectingFrontends: [],
      monitoringFrontends: [],
      answeredFrom: 'socket',
    };
    const elsewhere = { ...running, listening: ['0.0.0.0:22'] };
    expect(judge(elsewhere, undefined, stats)).toMatchObject({
      finding: {
        cause: 'deliberate',
        confidence: 'likely',
        summary: expect.stringContaining(
          'frontend public takes no connection: somebody disabled it (PAUSED)',
        ) as string,
      },
    });
    expect(judge(elsewhere, undefined, { ...stats, closedFrontends: [] })).toMatchObject({
      finding: { cause: 'routing' },
    });
  });
});
