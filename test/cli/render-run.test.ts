import { describe, expect, it } from 'vitest';
import { renderRun } from '../../src/cli/render-run.js';
import type { Why } from '../../src/model/explanation.js';
import type { RunDocument } from '../../src/model/verdict.js';

const AT = '2026-01-02T02:53:07.000Z';
const service = { kind: 'service', name: 'api-prod' } as const;
const host = { kind: 'host', name: 'api-2' } as const;
const quote = {
  source: 'SELECT … FROM pg_stat_activity',
  host: 'api-2',
  at: AT,
  excerpt: 'idle in transaction | 61\nactive | 36\n',
};

const document = (changes: Partial<RunDocument> = {}): RunDocument => ({
  version: 1,
  service: 'api-prod',
  run: { id: 'r', startedAt: AT, durationMs: 2140, rulesVersion: '1' },
  verdict: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: 'confirmed',
    summary: '97 of 97 usable connections of orders are taken.',
    chain: [
      {
        check: 'idle-in-transaction',
        cause: 'database-connections',
        target: host,
        summary: '61 idle transactions.',
        since: AT,
      },
      { check: 'answers-503', cause: null, target: service, summary: 'https://api.example.com/ answers 503' },
    ],
    hop: 'app',
    remediations: [],
  },
  findings: [
    {
      check: 'connections-exhausted',
      cause: 'database-connections',
      target: service,
      confidence: 'confirmed',
      summary: 's',
      evidence: [quote],
      remediations: [],
    },
  ],
  ruledOut: [{ cause: 'overload', because: 'accept queue 0 of 128' }],
  unknown: [
    {
      check: 'proxy-log',
      target: host,
      reason: 'permission denied; `usermod -aG adm diag503` would allow it',
    },
  ],
  checklist: [
    { question: 'Application process running?', answer: 'yes', note: '3 of 3 hosts' },
    { question: 'CPU and memory within limits?', answer: 'yes', note: '' },
    { question: 'Health check responding?', answer: 'no', note: '503 on 3 of 3' },
    { question: 'Database connections available?', answer: 'no', note: '0 of 97 free' },
    { question: 'Dependencies reachable?', answer: 'not-configured', note: '' },
    { question: 'Deployment just rolled out?', answer: 'unknown', note: '' },
  ],
  hosts: [{ name: 'api-2', reached: true }],
  ...changes,
});

const EMPTY_WHY: Why = {
  because: null,
  explains: [],
  wouldContradict: [],
  doubts: [],
  considered: [],
  notLookedAt: [],
};

const render = (shown: RunDocument) =>
  renderRun(
    shown,
    (_, text) => text,
    (iso) => iso.slice(11, 19),
  );

describe('renderRun', () => {
  it('says how often it looked where trouble came and went', () => {
    const run = { ...document().run, durationMs: 8_400, looks: 3 };
    expect(render(document({ run })).split('\n')[0]).toMatch(/said by the app, 3 looks, 8\.4 s$/);
  });

  it('says verdict, why, checklist, evidence and what was left out, in this order', () => {
    expect(render(document())).toMatchInlineSnapshot(`
      "api-prod answers 503: database connections exhausted (confirmed), said by the app, 2.1 s
      97 of 97 usable connections of orders are taken.
      Why 503: 61 idle transactions (since 02:53:07) -> https://api.example.com/ answers 503

      Checklist
        ✓ yes             Application process running? (3 of 3 hosts)
        ✓ yes             CPU and memory within limits?
        ✗ no              Health check responding? (503 on 3 of 3)
        ✗ no              Database connections available? (0 of 97 free)
        – not configured  Dependencies reachable?
        ? unknown         Deployment just rolled out?

      Evidence
        api-2$ SELECT … FROM pg_stat_activity, 02:53:07
          idle in transaction | 61
          active | 36

      Ruled out
        overload: accept queue 0 of 128

      Not looked at
        api-2: permission denied; \`usermod -aG adm diag503\` would allow it
      "
    `);
  });

  it('explains itself: why, how sure, what else it was not, and what one command would show', () => {
    const why = {
      ...EMPTY_WHY,
      because: 'it explains 3 of 4 other failures, and none explains it',
      wouldContradict: ['few sessions idle in transaction'],
      doubts: ['api-3 was not reached'],
      considered: [
        {
          cause: 'overload',
          check: 'cpu-saturated',
          what: 'not enough CPU',
          because: 'only a hint',
        } as const,
      ],
      notLookedAt: [{ what: 'the journal may not be read by d', allow: 'usermod -aG systemd-journal d' }],
    };
    const peers = [
      {
        host: 'api-2',
        comparedWith: ['api-1'],
        differs: [{ in: 'release', here: 'v42', peers: 'v41' }],
        same: [],
      },
    ];
    const verdict = { ...document().verdict, confidence: 'likely' } as const;
    const shown = render(document({ verdict, why, peers }));
    expect(shown).toContain(
      [
        'Because: it explains 3 of 4 other failures, and none explains it',
        'Only likely: api-3 was not reached',
        'Would contradict it: few sessions idle in transaction (looked for, not seen)',
        'api-2 differs from healthy peers: release v42, not v41',
        '',
        'Checklist',
      ].join('\n'),
    );
    expect(shown).toContain('Not the cause\n  not enough CPU: only a hint\n');
    expect(shown).toContain(
      'Not looked at\n  the journal may not be read by d\n    would change that: usermod -aG systemd-journal d\n',
    );
  });

  it('never colours without words', () => {
    const painted = renderRun(
      document(),
      (style, text) => `<${style}>${text}</>`,
      () => '',
    );
    expect(painted).toContain('<red>✗ no');
    expect(painted).toContain('<green>✓ yes');
    expect(painted).toContain('<yellow>? unknown');
  });

  it('quotes the same lines once', () => {
    const [finding] = document().findings;
    const twice = document({ findings: finding ? [finding, finding] : [] });
    expect(render(twice).match(/idle in transaction \| 61/g)).toHaveLength(1);
  });

  it('writes control characters out, so that a log line cannot drive the terminal', () => {
    const [finding] = document().findings;
    const evil = { ...quote, excerpt: 'a\u001b]0;owned\u0007b\u202ec' };
    const shown = render(document({ findings: finding ? [{ ...finding, evidence: [evil] }] : [] }));
    expect(shown).toContain('a\\x1b]0;owned\\x07b\\u202ec');
  });

  it('says that a service is healthy', () => {
    const verdict = {
      ...document().verdict,
      status: 'healthy',
      cause: null,
      confidence: null,
      hop: null,
    } as const;
    const shown = render(
      document({ verdict: { ...verdict, chain: [], summary: 'It answers 200.' }, findings: [] }),
    );
    expect(shown).toMatch(
      /^api-prod does not answer 503 now: healthy, 2\.1 s\nIt answers 200\.\n\nChecklist\n/,
    );
  });

  it('says which hosts were not reached, and why', () => {
    const verdict = { ...document().verdict, status: 'unreachable' as const, cause: null, chain: [] };
    const hosts = [{ name: 'api-2', reached: false, reason: 'connection refused' }];
    const shown = render(document({ verdict, hosts }));
    expect(shown).toMatch(/^api-prod: could not look, 0 of 1 host reached, 2\.1 s\n/);
    expect(shown).toContain('Hosts not reached\n  api-2: connection refused\n');
  });

  it('says once how many and why, when none was reached', () => {
    const reason = 'connection refused';
    const summary = `0 of 1 host reached; api-2: ${reason}`;
    const shown = render(
      document({
        verdict: { ...document().verdict, status: 'unreachable', cause: null, chain: [], summary },
        hosts: [{ name: 'api-2', reached: false, reason }],
        why: { ...EMPTY_WHY, notLookedAt: [{ what: `api-2: ${reason}`, allow: null }] },
      }),
    );
    expect(shown.split(reason)).toHaveLength(2);
    expect(shown.split('0 of 1 host')).toHaveLength(2);
    expect(shown).toContain('Not looked at\n  api-2: not reached\n');
  });
});
