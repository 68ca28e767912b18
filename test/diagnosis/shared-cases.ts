import { BEHIND_HAPROXY, DEAD, HEALTH, OK, three, type JudgedCase } from './host-cases.js';
import { ago, answer, app503, nginx503, refused } from './situation.js';

/** Deployment, database connections, dependency, deliberate, routing. */
export const sharedCases: readonly JudgedCase[] = [
  // deployment
  [
    'R10: a recent deploy alone is no cause',
    { ...BEHIND_HAPROXY, failed: [{ check: 'rollout-in-progress', confidence: 'likely' }, HEALTH] },
    [null, null],
  ],
  [
    'R10: an innocent deploy beside a leak',
    {
      ...BEHIND_HAPROXY,
      failed: [
        { check: 'rollout-in-progress', confidence: 'likely' },
        { check: 'connections-exhausted' },
        HEALTH,
      ],
    },
    ['database-connections', 'confirmed'],
  ],
  [
    'R3: bad release',
    {
      ...DEAD,
      failed: [
        { check: 'rollout-in-progress', since: ago(120) },
        { check: 'unit-failed', summary: "ModuleNotFoundError: No module named 'orjson'", since: ago(110) },
      ],
    },
    ['deployment', 'confirmed', ['rollout-in-progress', 'unit-failed', 'members-down', 'answers-503']],
  ],
  [
    'R12: a release after the failure is innocent',
    {
      ...DEAD,
      failed: [
        { check: 'rollout-in-progress', since: ago(60) },
        { check: 'unit-failed', summary: "ModuleNotFoundError: No module named 'orjson'", since: ago(600) },
      ],
    },
    ['not-started', 'confirmed'],
  ],
  [
    'rollout drains the members',
    {
      ...BEHIND_HAPROXY,
      app: OK,
      health: OK,
      members: { 'api-1': 'DRAIN', 'api-2': 'DRAIN' },
      failed: [{ check: 'rollout-in-progress' }, { check: 'member-draining' }],
    },
    ['deployment', 'confirmed', ['rollout-in-progress', 'member-draining', 'answers-503']],
  ],
  [
    'all members set aside, then every app stopped: a deploy that ended half-way',
    {
      ...DEAD,
      members: { 'api-1': 'MAINT', 'api-2': 'MAINT' },
      failed: [
        { check: 'member-draining', since: ago(60) },
        { check: 'unit-inactive', summary: 'api.service is inactive: it was stopped', since: ago(58) },
        { check: 'port-not-listening' },
      ],
    },
    ['deployment', 'confirmed'],
  ],
  [
    'stopped long before the members were set aside',
    {
      ...DEAD,
      members: { 'api-1': 'MAINT', 'api-2': 'MAINT' },
      failed: [
        { check: 'member-draining', since: ago(60) },
        { check: 'unit-inactive', summary: 'api.service is inactive: it was stopped', since: ago(600) },
        { check: 'port-not-listening' },
      ],
    },
    ['not-started', 'confirmed'],
  ],
  [
    'R6: migration lock -> slots used up',
    {
      ...BEHIND_HAPROXY,
      failed: [
        { check: 'rollout-in-progress', since: ago(300) },
        {
          check: 'sessions-blocked-by-lock',
          cause: 'deployment',
          summary: '40 sessions wait for pid 7: ALTER TABLE orders ADD COLUMN',
          since: ago(290),
        },
        { check: 'connections-exhausted' },
        { check: 'workers-busy' },
        HEALTH,
      ],
    },
    [
      'deployment',
      'confirmed',
      [
        'rollout-in-progress',
        'sessions-blocked-by-lock',
        'connections-exhausted',
        'workers-busy',
        'health-endpoint-failing',
        'members-down',
        'answers-503',
      ],
    ],
  ],
  // database connections
  [
    'idle in transaction -> exhausted -> health -> members',
    {
      ...BEHIND_HAPROXY,
      failed: [
        { check: 'idle-in-transaction', since: ago(720) },
        { check: 'connections-exhausted' },
        { check: 'workers-busy' },
        HEALTH,
        { check: 'dependency-failing', on: 'database', summary: 'FATAL: sorry, too many clients already' },
      ],
    },
    [
      'database-connections',
      'confirmed',
      [
        'idle-in-transaction',
        'connections-exhausted',
        'workers-busy',
        'health-endpoint-failing',
        'members-down',
        'answers-503',
      ],
    ],
  ],
  [
    'slots used up, app says it itself, nothing in front',
    {
      public: three(app503),
      app: app503,
      health: app503,
      failed: [{ check: 'connections-exhausted' }, HEALTH],
    },
    [
      'database-connections',
      'confirmed',
      ['connections-exhausted', 'health-endpoint-failing', 'answers-503'],
    ],
  ],
  [
    'app pool used up, server has room',
    { ...BEHIND_HAPROXY, failed: [{ check: 'app-pool-exhausted' }, HEALTH] },
    ['database-connections', 'confirmed'],
  ],
  [
    'idle sessions that hurt nobody are no cause',
    { ...BEHIND_HAPROXY, failed: [{ check: 'idle-in-transaction' }, HEALTH] },
    [null, null],
  ],
  [
    'R1: start refused for want of slots',
    {
      ...DEAD,
      failed: [
        { check: 'connections-exhausted' },
        { check: 'unit-crash-looping', summary: 'FATAL: sorry, too many clients already' },
      ],
    },
    ['database-connections', 'confirmed'],
  ],
  [
    'of two sick hosts alike, the one whose app wrote the answer, not the one where nothing runs',
    {
      behind: 'haproxy',
      hosts: ['api-1', 'api-2', 'api-3'],
      public: [app503, OK, OK],
      app: { 'api-1': OK, 'api-2': app503, 'api-3': refused },
      health: { 'api-1': OK, 'api-2': app503, 'api-3': refused },
      members: { 'api-1': 'UP', 'api-2': 'UP', 'api-3': 'DOWN' },
      failed: [
        { check: 'unit-crash-looping', on: 'api-3' },
        { check: 'port-not-listening', on: 'api-3' },
        { check: 'health-endpoint-failing', on: ['api-2', 'api-3'] },
        { check: 'app-refused-by-dependency', on: 'api-2' },
      ],
    },
    ['dependency', 'likely'],
  ],
  // dependency
  [
    'R1: dependency down -> crash loop at start',
    {
      ...DEAD,
      dependencies: ['cache'],
      failed: [
        { check: 'dependency-unreachable', on: 'cache' },
        {
          check: 'unit-crash-looping',
          summary:
            'redis.exceptions.ConnectionError: Error 111 connecting to cache.internal:6379. Connection refused.',
        },
        { check: 'port-not-listening' },
      ],
    },
    [
      'dependency',
      'confirmed',
      ['dependency-unreachable', 'unit-crash-looping', 'port-not-listening', 'members-down', 'answers-503'],
    ],
  ],
  [
    'R1: a package that is missing is not the server of that name',
    {
      ...DEAD,
      dependencies: ['cache'],
      failed: [
        { check: 'dependency-slow', on: 'cache' },
        { check: 'unit-crash-looping', summary: "ModuleNotFoundError: No module named 'cache'" },
        { check: 'port-not-listening' },
        HEALTH,
      ],
    },
    [
      'not-started',
      'confirmed',
      ['unit-crash-looping', 'port-not-listening', 'health-endpoint-failing', 'members-down', 'answers-503'],
    ],
  ],
  [
    'R4: workers wait for a slow dependency',
    {
      ...BEHIND_HAPROXY,
      dependencies: ['payments'],
      failed: [
        { check: 'dependency-slow', on: 'payments' },
        { check: 'workers-busy', summary: '4 of 4 workers wait for payments.internal:443' },
        { check: 'accept-queue-full' },
        HEALTH,
      ],
    },
    [
      'dependency',
      'confirmed',
      [
        'dependency-slow',
        'workers-busy',
        'accept-queue-full',
        'health-endpoint-failing',
        'members-down',
        'answers-503',
      ],
    ],
  ],
  ...(
    [
      ['likely', true, [], ['dependency', 'likely', ['dependency-slow']]],
      ['possible', true, [], ['database-connections', 'confirmed', []]],
      // Slow commands of some minutes ago keep no connection now.
      ['likely', undefined, [], ['database-connections', 'confirmed', []]],
      // Both may hold the connections.
      [
        'likely',
        true,
        [{ check: 'idle-in-transaction', confidence: 'likely' }],
        ['database-connections', 'possible', ['idle-in-transaction']],
      ],
    ] as const
  ).map(([confidence, byLatency, beside, [cause, sure, before]]): JudgedCase => {
    const more = beside.map(({ check }) => ` and ${check}`).join('');
    return [
      `R7: a pool of the app used up, beside a service that ${byLatency ? 'is' : 'was'} slow (${confidence})${more}`,
      {
        ...BEHIND_HAPROXY,
        dependencies: ['payments'],
        app: answer(503, { body: 'payments: timed out' }),
        failed: [
          { check: 'dependency-slow', on: 'payments', confidence, ...(byLatency ? { byLatency } : {}) },
          { check: 'app-pool-exhausted' },
          ...beside,
          HEALTH,
        ],
      },
      [
        cause,
        sure,
        [...before, 'app-pool-exhausted', 'health-endpoint-failing', 'members-down', 'answers-503'],
      ],
    ];
  }),
  [
    'R7, R11: a slow service that all hosts ask does not use up the pool of one alone',
    {
      dependencies: ['payments'],
      app: { 'api-1': OK, 'api-2': app503 },
      health: { 'api-1': OK, 'api-2': app503 },
      failed: [
        { check: 'dependency-slow', on: 'payments', confidence: 'likely' },
        { check: 'app-pool-exhausted', on: 'api-2' },
        { ...HEALTH, on: 'api-2' },
      ],
    },
    ['database-connections', 'confirmed', ['app-pool-exhausted', 'health-endpoint-failing', 'answers-503']],
  ],
  [
    'a broken dependency that nothing names is only likely',
    {
      ...BEHIND_HAPROXY,
      dependencies: ['cache'],
      failed: [{ check: 'dependency-failing', on: 'cache' }, HEALTH],
    },
    ['dependency', 'likely'],
  ],
  [
    'a broken dependency that nothing names loses to used-up slots',
    {
      ...BEHIND_HAPROXY,
      dependencies: ['cache'],
      failed: [{ check: 'dependency-failing', on: 'cache' }, { check: 'connections-exhausted' }, HEALTH],
    },
    ['database-connections', 'confirmed'],
  ],
  [
    'database down',
    { ...BEHIND_HAPROXY, failed: [{ check: 'dependency-unreachable', on: 'database' }, HEALTH] },
    ['dependency', 'confirmed'],
  ],
  [
    'certificate of a dependency expired',
    {
      ...BEHIND_HAPROXY,
      dependencies: ['payments'],
      app: answer(503, { body: 'payments: certificate has expired' }),
      failed: [
        { check: 'certificate-expired', on: 'payments' },
        { check: 'dependency-unreachable', on: 'payments' },
        HEALTH,
      ],
    },
    [
      'dependency',
      'confirmed',
      [
        'certificate-expired',
        'dependency-unreachable',
        'health-endpoint-failing',
        'members-down',
        'answers-503',
      ],
    ],
  ],
  [
    'R7: slow database with active sessions',
    {
      ...BEHIND_HAPROXY,
      failed: [{ check: 'dependency-slow', on: 'database' }, { check: 'connections-exhausted' }, HEALTH],
    },
    ['dependency', 'confirmed'],
  ],
  // deliberate and routing
  [
    'R9: maintenance in front of a broken app',
    {
      behind: 'nginx',
      public: three(nginx503),
      app: refused,
      health: refused,
      failed: [{ check: 'maintenance-mode' }, { check: 'unit-failed' }, { check: 'port-not-listening' }],
    },
    ['deliberate', 'confirmed', ['maintenance-mode', 'answers-503']],
  ],
  [
    'rate limit at nginx, some requests',
    {
      behind: 'nginx',
      public: [OK, nginx503, nginx503],
      app: OK,
      health: OK,
      failed: [{ check: 'rate-limited' }],
    },
    ['deliberate', 'confirmed', ['rate-limited', 'answers-503']],
  ],
  [
    "nginx's own 503 excludes a dead app",
    {
      behind: 'nginx',
      public: three(nginx503),
      app: refused,
      health: refused,
      failed: [{ check: 'unit-failed' }],
    },
    [null, null],
  ],
  [
    'all members in MAINT',
    {
      ...BEHIND_HAPROXY,
      app: OK,
      health: OK,
      members: { 'api-1': 'MAINT', 'api-2': 'MAINT' },
      failed: [{ check: 'maintenance-mode', summary: '2 of 2 members are in MAINT' }],
    },
    ['deliberate', 'confirmed'],
  ],
  [
    'empty pool',
    { ...BEHIND_HAPROXY, app: OK, health: OK, members: {}, failed: [{ check: 'pool-without-members' }] },
    ['routing', 'confirmed', ['pool-without-members', 'answers-503']],
  ],
];
