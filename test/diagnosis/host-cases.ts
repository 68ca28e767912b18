import { ago, answer, app503, haproxy503, nginx502, refused, type Situation } from './situation.js';

export const DOWN = { 'api-1': 'DOWN', 'api-2': 'DOWN' };
export const OK = answer(200);
export const three = (one: typeof OK) => [one, one, one];
/** Both hosts' app says 503 itself; a balancer took both out. */
export const BEHIND_HAPROXY: Situation = {
  behind: 'haproxy',
  public: three(haproxy503),
  app: app503,
  health: app503,
  members: DOWN,
};
export const DEAD: Situation = { ...BEHIND_HAPROXY, app: refused, health: refused };
const APP_500 = answer(500, { headers: { server: 'gunicorn' }, body: '{"status":"failing"}' });
const UP = { 'api-1': 'UP', 'api-2': 'UP' };
const FLAPS = { check: 'health-flapping', confidence: 'likely' } as const;
export const HEALTH = { check: 'health-endpoint-failing' };

export type Expected = [cause: string | null, confidence: string | null, chain?: string[]];
export type JudgedCase = [name: string, situation: Situation, expected: Expected];

/** Overload, not started, health check. */
export const hostCases: readonly JudgedCase[] = [
  // overload
  [
    'cpu -> queue -> health slow -> members out',
    {
      ...BEHIND_HAPROXY,
      failed: [
        { check: 'cpu-saturated' },
        { check: 'workers-busy' },
        { check: 'accept-queue-full' },
        { check: 'health-endpoint-slow' },
      ],
    },
    [
      'overload',
      'confirmed',
      [
        'cpu-saturated',
        'workers-busy',
        'accept-queue-full',
        'health-endpoint-slow',
        'members-down',
        'answers-503',
      ],
    ],
  ],
  ...(
    [
      ['L7TOUT', 'overload'],
      ['L7STS 404', 'health-check'],
    ] as const
  ).map(([words, cause]): JudgedCase => [
    `a queue, and members held down by ${words} that real requests get through to`,
    {
      ...BEHIND_HAPROXY,
      app: OK,
      health: OK,
      failed: [
        { check: 'accept-queue-full', confidence: 'likely' },
        {
          check: 'member-down-though-healthy',
          confidence: 'confirmed',
          summary: `2 of 2 members held down by the check (${words}) though real requests get 200`,
        },
      ],
    },
    [cause, cause === 'overload' ? 'likely' : 'confirmed'],
  ]),
  ...(
    [
      ['L7TOUT', 'overload'],
      ['L7STS', 'health-check'],
    ] as const
  ).map(([checkStatus, cause]): JudgedCase => [
    `workers in requests, and members held down by ${checkStatus}, where a request of ours got through`,
    {
      ...BEHIND_HAPROXY,
      ...{ app: OK, health: OK, checkStatus },
      failed: [
        { check: 'workers-busy', confidence: 'likely' },
        {
          check: 'member-down-though-healthy',
          confidence: 'likely',
          summary: `2 of 2 members held down by the check (${checkStatus}) though real requests get 200`,
        },
      ],
    },
    [cause, 'likely'],
  ]),
  [
    'the workers of the one host that is left are all in requests: that is no reason of the other',
    {
      ...{ behind: 'haproxy', public: [haproxy503, OK, OK], app: OK, health: OK, checkStatus: 'L7TOUT' },
      members: { 'api-1': 'DOWN', 'api-2': 'UP' },
      failed: [{ check: 'workers-busy', on: 'api-2', confidence: 'likely' }],
    },
    [null, null],
  ],
  [
    'a unit that is restarted all the time, and was up when our request came',
    {
      ...BEHIND_HAPROXY,
      app: { 'api-1': OK, 'api-2': refused },
      health: { 'api-1': OK, 'api-2': refused },
      failed: [
        { check: 'unit-restarted-repeatedly', confidence: 'likely' },
        {
          check: 'member-down-though-healthy',
          confidence: 'likely',
          summary: '1 of 2 members held down by the check (L7STS) though real requests get 200',
        },
      ],
    },
    ['not-started', 'possible'],
  ],
  ...(
    [
      [
        "MISCONF Redis is configured to save RDB snapshots, but it's unable to persist to disk",
        'dependency',
        'confirmed',
      ],
      ['[Errno 28] No space left on device', 'overload', 'likely'],
    ] as const
  ).map(([words, cause, confidence]): JudgedCase => [
    `a full disk of the hosts beside an app that says ${words.slice(0, 20)}`,
    {
      ...BEHIND_HAPROXY,
      dependencies: ['cache'],
      failed: [
        { check: 'disk-full', confidence: 'likely' },
        {
          check: 'app-refused-by-dependency',
          confidence: 'confirmed',
          summary: `the app is refused: ${words}`,
        },
        HEALTH,
      ],
    },
    [cause, confidence],
  ]),
  [
    'a neighbour eats the CPU, the app says a prompt 503 for a reason of its own',
    { ...BEHIND_HAPROXY, failed: [{ check: 'cpu-saturated', confidence: 'likely' }, HEALTH] },
    [null, null],
  ],
  [
    'a neighbour eats the CPU while workers wait for used-up slots',
    {
      ...BEHIND_HAPROXY,
      failed: [
        { check: 'cpu-saturated', confidence: 'likely' },
        {
          check: 'workers-busy',
          summary: '4 of 4 workers in a request: 4 wait for an answer of 10.0.0.9:5432',
          workers: 'wait',
        },
        { check: 'accept-queue-full' },
        { check: 'connections-exhausted' },
        HEALTH,
      ],
    },
    ['database-connections', 'confirmed'],
  ],
  [
    "another program's OOM kill beside a missing module",
    {
      ...DEAD,
      failed: [
        {
          check: 'memory-exhausted',
          confidence: 'likely',
          summary: 'Out of memory: Killed process 1 (java)',
        },
        { check: 'unit-failed', summary: "ModuleNotFoundError: No module named 'x'" },
      ],
    },
    ['not-started', 'confirmed'],
  ],
  [
    'busy workers with nothing behind them',
    {
      ...BEHIND_HAPROXY,
      failed: [{ check: 'workers-busy', confidence: 'likely' }, { check: 'accept-queue-full' }, HEALTH],
    },
    [
      'overload',
      'likely',
      ['workers-busy', 'accept-queue-full', 'health-endpoint-failing', 'members-down', 'answers-503'],
    ],
  ],
  [
    'R2: OOM kill -> unit failed',
    {
      ...DEAD,
      failed: [
        {
          check: 'memory-exhausted',
          summary: 'Out of memory: Killed process 4711 (gunicorn)',
          since: ago(60),
        },
        { check: 'unit-failed', summary: "Failed with result 'oom-kill'.", since: ago(60) },
        { check: 'port-not-listening' },
        HEALTH,
      ],
    },
    [
      'overload',
      'confirmed',
      [
        'memory-exhausted',
        'unit-failed',
        'port-not-listening',
        'health-endpoint-failing',
        'members-down',
        'answers-503',
      ],
    ],
  ],
  [
    'R5: traffic -> slots used up',
    {
      ...BEHIND_HAPROXY,
      failed: [
        { check: 'cpu-saturated' },
        { check: 'workers-busy', workers: 'compute' },
        { check: 'connections-exhausted' },
        HEALTH,
      ],
    },
    ['overload', 'confirmed'],
  ],
  [
    'disk full named by the unit',
    {
      ...DEAD,
      failed: [
        { check: 'disk-full' },
        { check: 'unit-failed', summary: 'OSError: No space left on device' },
        HEALTH,
      ],
    },
    ['overload', 'confirmed'],
  ],
  // not started
  [
    'unit stopped',
    { ...DEAD, failed: [{ check: 'unit-inactive' }, { check: 'port-not-listening' }, HEALTH] },
    [
      'not-started',
      'confirmed',
      ['unit-inactive', 'port-not-listening', 'health-endpoint-failing', 'members-down', 'answers-503'],
    ],
  ],
  [
    'unit failed',
    { ...DEAD, failed: [{ check: 'unit-failed' }, { check: 'port-not-listening' }] },
    ['not-started', 'confirmed'],
  ],
  [
    'crash loop',
    {
      ...DEAD,
      failed: [
        { check: 'unit-crash-looping', since: ago(2) },
        { check: 'port-not-listening', since: ago(600) },
      ],
    },
    ['not-started', 'confirmed', ['unit-crash-looping', 'port-not-listening', 'members-down', 'answers-503']],
  ],
  ['unit masked', { ...DEAD, failed: [{ check: 'unit-missing-or-masked' }] }, ['not-started', 'confirmed']],
  [
    'nothing listens, unit active',
    { ...DEAD, failed: [{ check: 'port-not-listening' }, HEALTH] },
    ['not-started', 'confirmed'],
  ],
  [
    'dead app behind nginx is a 502',
    {
      behind: 'nginx',
      public: three(nginx502),
      app: refused,
      health: refused,
      failed: [{ check: 'unit-inactive' }],
    },
    ['not-started', 'confirmed', ['unit-inactive', 'answers-502']],
  ],
  [
    'no url, no balancer: refused on the only host',
    { hosts: ['api-1'], health: refused, failed: [{ check: 'unit-failed' }] },
    ['not-started', 'confirmed', ['unit-failed', 'no-answer']],
  ],
  [
    'stopped app hides a broken dependency',
    {
      ...DEAD,
      dependencies: ['cache'],
      failed: [{ check: 'unit-inactive' }, { check: 'dependency-unreachable', on: 'cache' }],
    },
    ['not-started', 'confirmed'],
  ],
  // health check
  [
    'misplaced health path',
    {
      ...BEHIND_HAPROXY,
      app: OK,
      health: answer(404),
      failed: [{ check: 'health-endpoint-misplaced' }, { check: 'member-down-though-healthy' }],
    },
    ['health-check', 'confirmed', ['health-endpoint-misplaced', 'member-down-though-healthy', 'answers-503']],
  ],
  [
    'health endpoint fails, real requests succeed',
    { ...BEHIND_HAPROXY, app: OK, failed: [HEALTH] },
    ['health-check', 'confirmed'],
  ],
  [
    'balancer says down, host says fine',
    {
      ...BEHIND_HAPROXY,
      app: OK,
      health: OK,
      failed: [{ check: 'member-down-though-healthy', confidence: 'likely' }],
    },
    ['health-check', 'likely'],
  ],
  [
    'the check waited for a dependency that is silent for seconds and prompt in between',
    {
      ...BEHIND_HAPROXY,
      dependencies: ['cache'],
      app: OK,
      health: OK,
      checkStatus: 'L7TOUT',
      failed: [
        { check: 'dependency-slow', on: 'cache', byLatency: true },
        { check: 'member-down-though-healthy', summary: '2 of 2 members held down by the check (L7TOUT)' },
      ],
    },
    ['dependency', 'likely'],
  ],
  [
    'no connection of the check arrives: a slow dependency is not why',
    {
      ...BEHIND_HAPROXY,
      dependencies: ['cache'],
      app: OK,
      health: OK,
      checkStatus: 'L4TOUT',
      failed: [
        { check: 'dependency-slow', on: 'cache', byLatency: true },
        { check: 'member-down-though-healthy', summary: '2 of 2 members held down by the check (L4TOUT)' },
      ],
    },
    ['health-check', 'confirmed'],
  ],
  [
    'the check was refused: a slow dependency is not why',
    {
      ...BEHIND_HAPROXY,
      dependencies: ['cache'],
      app: OK,
      health: OK,
      checkStatus: 'L7STS',
      failed: [
        { check: 'dependency-slow', on: 'cache', byLatency: true },
        { check: 'member-down-though-healthy', summary: '2 of 2 members held down by the check (L7STS 404)' },
      ],
    },
    ['health-check', 'confirmed'],
  ],
  [
    'members held down though they serve are not explained by the one host that is stopped',
    {
      ...BEHIND_HAPROXY,
      app: { 'api-1': OK, 'api-2': refused },
      health: { 'api-1': OK, 'api-2': refused },
      failed: [{ check: 'unit-inactive', on: 'api-2' }, { check: 'member-down-though-healthy' }],
    },
    ['health-check', 'confirmed'],
  ],
  [
    'want of CPU does not explain a prompt 503 of an app whose workers want none',
    {
      public: [app503],
      app: app503,
      health: OK,
      failed: [{ check: 'cpu-saturated' }, { check: 'health-endpoint-slow' }],
    },
    [null, null],
  ],
  [
    'health fails, nobody asked for real',
    { hosts: ['api-1'], health: app503, failed: [HEALTH] },
    ['health-check', 'possible'],
  ],
  ['R8: health fails because real requests fail', { ...BEHIND_HAPROXY, failed: [HEALTH] }, [null, null]],
  [
    'R8: members that flapped, and the app itself answers 500',
    { behind: 'haproxy', public: three(APP_500), app: APP_500, health: OK, members: UP, failed: [FLAPS] },
    [null, null],
  ],
  [
    'R8: members that flap, and HAProxy refuses, though a page of the app is bad',
    {
      ...{ behind: 'haproxy', public: three(haproxy503), app: APP_500, health: OK, members: UP },
      failed: [FLAPS],
    },
    ['health-check', 'possible'],
  ],
  [
    'R8: members that flap, and nobody asks as users do',
    { behind: 'haproxy', app: OK, health: app503, members: UP, failed: [FLAPS] },
    ['health-check', 'possible'],
  ],
  [
    'R8: members that flap, and the app refuses one request of three',
    { behind: 'haproxy', public: [app503, OK, OK], app: app503, health: OK, members: UP, failed: [FLAPS] },
    ['health-check', 'possible'],
  ],
  [
    'R8: members that flap, and each host answers well by now',
    { behind: 'haproxy', public: three(app503), app: OK, health: app503, members: UP, failed: [FLAPS] },
    ['health-check', 'possible'],
  ],
  [
    'health names a dependency while real requests succeed',
    {
      ...BEHIND_HAPROXY,
      app: OK,
      health: answer(503, { body: '{"redis":"down"}' }),
      dependencies: ['cache'],
      failed: [HEALTH, { check: 'dependency-unreachable', on: 'cache' }],
    },
    [
      'dependency',
      'confirmed',
      ['dependency-unreachable', 'health-endpoint-failing', 'members-down', 'answers-503'],
    ],
  ],
];
