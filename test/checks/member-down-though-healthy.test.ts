import { expect, it } from 'vitest';
import { memberDownThoughHealthy } from '../../src/checks/member-down-though-healthy.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';
import { answer } from '../diagnosis/situation.js';

const given = service('shop', { url: 'http://shop/' });
const host = { kind: 'host', name: 'local' } as const;
const member = (name: string, status: string, checkStatus: string) => ({
  ...{ name, status, queued: 0, queuedMax: 0, sessions: 0, sessionLimit: null, responses5xx: 0 },
  ...{ connectionErrors: 0, lastChangeSeconds: 900, downTransitions: 0, active: 1, weight: 1, address: null },
  ...{ checkStatus, checkCode: 503, lastCheck: null, checkDurationMs: 2001, failedChecks: 0 },
  ...{ takenOutByAnswers: 0, line: `shop,${name},${status}` },
});

it.each([
  ['L7TOUT', 4, 'possible'],
  ['L7TOUT', 40, 'likely'],
  ['L7STS', 4, 'likely'],
])('holds a member down by %s, and nginx waited in vain %i s ago', (checkStatus, ageSeconds, confidence) => {
  const down = {
    ...{ fullFrontends: [], closedFrontends: [], rejectingFrontends: [], monitoringFrontends: [] },
    ...{ answeredFrom: 'socket' as const, pool: member('BACKEND', 'DOWN', '') },
    members: [member('local', 'DOWN', checkStatus)],
  };
  const waited = {
    ...{ at: '2026-11-22T10:43:59.000Z', ageSeconds, level: 'error', kind: 'upstream-timeout' as const },
    ...{ zone: null, client: '10.0.0.9', upstream: 'http://127.0.0.1:8000/' },
    line: 'upstream timed out (110: Connection timed out) while connecting to upstream, client: 10.0.0.9, host: "shop"',
  };
  const outcome = outcomeOf(memberDownThoughHealthy, given, [
    reading('balancerMembers', down, { kind: 'balancer', name: 'shop' }),
    reading('healthAnswer', answer(200), host),
    reading('appAnswer', answer(200), host),
    reading('proxyLog', { path: '/var/log/nginx/error.log', lines: [waited] }, host),
  ]);
  expect(outcome).toMatchObject({ status: 'failed', finding: { confidence } });
});
