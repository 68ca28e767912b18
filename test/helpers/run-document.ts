import type { Run } from '../../src/model/incident.js';
import type { RunDocument } from '../../src/model/verdict.js';

const RUN_ID = '3f0c9d52-8a41-4f6e-9d7c-2b1e5a6f7c80';
const AT = '2026-11-22T02:53:07.000Z';

/** A valid finished document of the story that the README tells; a test names only the fields it is about. */
export const runDocument = (fields: Partial<RunDocument> = {}): RunDocument => ({
  version: 1,
  service: 'api-prod',
  run: { id: RUN_ID, startedAt: AT, durationMs: 2100, rulesVersion: '1' },
  verdict: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: 'confirmed',
    summary: '97 of 97 usable connections of `orders` are taken. 61 sit idle in a transaction.',
    chain: [
      {
        check: 'idle-in-transaction',
        cause: 'database-connections',
        target: { kind: 'dependency', name: 'database' },
        summary: 'forgotten transactions on api-2',
        since: '2026-11-22T02:41:00.000Z',
      },
      {
        check: 'answers-503',
        cause: null,
        target: { kind: 'service', name: 'api-prod' },
        summary: '3 of 3 requests got 503, written by the app',
      },
    ],
    hop: 'app',
    remediations: ['end-idle-sessions'],
  },
  findings: [
    {
      check: 'connections-exhausted',
      cause: 'database-connections',
      target: { kind: 'dependency', name: 'database' },
      confidence: 'confirmed',
      summary: '97 of 97 usable connections are taken.',
      evidence: [
        {
          source: 'pg_stat_activity',
          host: 'api-2',
          at: AT,
          excerpt: 'idle in transaction | 61\nactive | 36 <b>&</b>',
        },
      ],
      remediations: ['end-idle-sessions'],
    },
  ],
  ruledOut: [{ cause: 'overload', because: 'accept queue 0 of 128' }],
  unknown: [
    {
      check: 'member-down',
      target: { kind: 'host', name: 'api-3' },
      reason: 'permission denied; `usermod -aG adm diag503` would allow it',
    },
  ],
  checklist: [
    { question: 'Application process running?', answer: 'yes', note: '3 of 3 hosts' },
    { question: 'CPU and memory within limits?', answer: 'yes', note: 'pressure 3 %' },
    { question: 'Health check responding?', answer: 'no', note: '503 on 3 of 3' },
    { question: 'Database connections available?', answer: 'no', note: '0 of 97 free' },
    { question: 'Dependencies reachable?', answer: 'unknown', note: '' },
    { question: 'Deployment just rolled out?', answer: 'no', note: 'last change 9 days ago' },
  ],
  hosts: [{ name: 'api-1', reached: true }],
  why: {
    because: 'it explains 3 of 4 other failures, and none explains it',
    explains: ['no free connection', 'health check fails on 3 of 3 hosts'],
    wouldContradict: ['few sessions idle in transaction'],
    doubts: [],
    considered: [
      {
        cause: 'dependency',
        check: 'dependency-slow',
        what: 'payments slow',
        because: 'true, but nothing follows from it',
      },
    ],
    notLookedAt: [{ what: 'nginx error log on api-3: permission denied', allow: 'usermod -aG adm diag503' }],
  },
  ...fields,
});

export const run = (fields: Partial<Run> = {}): Run => ({
  id: RUN_ID,
  incidentId: '0a9b8c7d-6e5f-4a3b-8c1d-0e9f8a7b6c5d',
  service: 'api-prod',
  state: 'finished',
  origin: { kind: 'slash', user: 'U0ANA' },
  progress: null,
  requestedAt: AT,
  startedAt: AT,
  finishedAt: AT,
  document: runDocument(),
  error: null,
  ...fields,
});
