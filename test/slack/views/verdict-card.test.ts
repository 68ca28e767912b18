import { describe, expect, it } from 'vitest';
import type { CardAction } from '../../../src/slack/views/action-row.js';
import { evidenceFile } from '../../../src/slack/views/evidence-file.js';
import { verdictCard, verdictText } from '../../../src/slack/views/verdict-card.js';
import { run, runDocument } from '../../helpers/run-document.js';
import { problems } from './within-limits.js';

const texts = (...args: Parameters<typeof verdictCard>): string[] =>
  verdictCard(...args).blocks.flatMap((block) => (block.type === 'section' ? [block.text?.text ?? ''] : []));

describe('verdict card', () => {
  it('says cause, reason, chain, checklist, what is ruled out and what is not known', () => {
    expect(texts(run(), runDocument())).toEqual([
      '*Database connections exhausted* (confirmed)\n97 of 97 usable connections of `orders` are taken. 61 sit idle in a transaction.',
      '*Why 503*: forgotten transactions on api-2 (since <!date^1795315260^{time_secs}|02:41:00 UTC>) → 3 of 3 requests got 503, written by the app\n*Because*: it explains 3 of 4 other failures, and none explains it',
      [
        '✓ yes: Application process running? (3 of 3 hosts)',
        '✓ yes: CPU and memory within limits? (pressure 3 %)',
        '✗ *no: Health check responding?* (503 on 3 of 3)',
        '✗ *no: Database connections available?* (0 of 97 free)',
        '? unknown: Dependencies reachable?',
        '✓ no: Deployment just rolled out? (last change 9 days ago)',
      ].join('\n'),
      [
        '*Would contradict it*: few sessions idle in transaction (looked for, not seen)',
        '*Not the cause*: payments slow (true, but nothing follows from it)',
        '*Ruled out*: overload (accept queue 0 of 128)',
        '*Not looked at* (1):',
        '• nginx error log on api-3: permission denied; `usermod -aG adm diag503` would change that',
      ].join('\n'),
    ]);
  });

  it('says how sick hosts differ from healthy ones, whose clock is wrong, and why it is not sure', () => {
    const { verdict, why } = runDocument();
    const shown = texts(
      run(),
      runDocument({
        verdict: { ...verdict, confidence: 'likely' },
        why: { ...why!, doubts: ['api-3 was not reached'] },
        hosts: [{ name: 'api-2', reached: true, clockAheadMs: -840_000 }],
        peers: [
          {
            host: 'api-2',
            comparedWith: ['api-1', 'api-3'],
            differs: [
              { in: 'release', here: 'v42', peers: 'v41' },
              { in: 'start time', here: '12 min ago', peers: '9 days ago' },
            ],
            same: ['workers'],
          },
        ],
      }),
    );
    expect(shown[1]).toContain('\n*Only likely*: api-3 was not reached');
    expect(shown[2]).toBe(
      [
        '*api-2 differs from healthy peers*: release v42, not v41; start time 12 min ago, not 9 days ago',
        '*Clock of api-2*: 14 min behind; its own log lines show that time',
      ].join('\n'),
    );
  });

  it('shows a document of before there was an explanation', () => {
    const { why: _why, ...old } = runDocument();
    expect(texts(run(), old).at(-1)).toContain(
      '• api-3: permission denied; `usermod -aG adm diag503` would allow it',
    );
  });

  it('counts what it has no room for', () => {
    const { why } = runDocument();
    const many = { what: 'x: y', allow: null };
    const [shown] = texts(
      run(),
      runDocument({
        why: {
          ...why!,
          considered: Array.from({ length: 5 }, () => why!.considered[0]!),
          notLookedAt: Array.from({ length: 9 }, () => many),
        },
      }),
    ).slice(-1);
    expect(shown).toContain('from it), 3 more\n');
    expect(shown).toContain('*Not looked at* (9):');
    expect(shown).toContain('• 6 more');
  });

  it('quotes evidence word for word, with host, source and time', () => {
    const [quoted] = verdictCard(run(), runDocument()).blocks.filter(({ type }) => type === 'rich_text');
    expect(quoted).toEqual({
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'api-2$ pg_stat_activity', style: { bold: true } },
            { type: 'text', text: ', ' },
            { type: 'date', timestamp: 1795315987, format: '{time_secs}', fallback: '02:53:07 UTC' },
          ],
        },
        {
          type: 'rich_text_preformatted',
          elements: [{ type: 'text', text: 'idle in transaction | 61\nactive | 36 <b>&</b>' }],
        },
      ],
    });
  });

  it('has three buttons at most and the rest in a menu', () => {
    const actions = Array.from({ length: 6 }, (_, index): CardAction => ({
      label: `Remedy ${index}`,
      actionId: `remedy-${index}`,
      value: `v${index}`,
    }));
    const view = verdictCard(run(), runDocument(), actions);
    expect(problems(view)).toEqual([]);
    expect(view.blocks.at(-1)).toMatchObject({
      type: 'actions',
      elements: [
        { type: 'button', action_id: 'remedy-0' },
        { type: 'button', action_id: 'remedy-1' },
        { type: 'button', action_id: 'remedy-2' },
        {
          type: 'overflow',
          options: [{ value: 'remedy-3 v3' }, { value: 'remedy-4 v4' }, { value: 'remedy-5 v5' }],
        },
      ],
    });
  });

  it('can be said without blocks', () => {
    expect(verdictText(run(), runDocument())).toContain(
      '✗ *no: Database connections available?* (0 of 97 free)',
    );
  });

  it('keeps both ends of a long chain', () => {
    const { verdict } = runDocument();
    const link = verdict.chain[0]!;
    const chain = [
      ...Array.from({ length: 20 }, (_, index) => ({ ...link, summary: `step ${index}` })),
      verdict.chain[1]!,
    ];
    const [, why] = texts(run(), runDocument({ verdict: { ...verdict, chain } }));
    expect(why).toContain('step 0');
    expect(why).toContain('14 more steps → 3 of 3 requests');
  });
});

describe('evidence file', () => {
  it('begins with the explanation in full', () => {
    const { content } = evidenceFile(
      runDocument({
        peers: [
          { host: 'api-2', comparedWith: ['api-1', 'api-3'], differs: [], same: ['release', 'workers'] },
        ],
      }),
    );
    expect(content).toContain('Because: it explains 3 of 4 other failures, and none explains it\n');
    expect(content).toContain('api-2 compared with api-1, api-3; alike in: release, workers\n');
    expect(content).toContain('Explains: no free connection; health check fails on 3 of 3 hosts\n');
    expect(content).toContain(
      'Not the cause: payments slow (dependency): true, but nothing follows from it\n',
    );
    expect(content).toContain('`usermod -aG adm diag503` would change that\n');
  });

  it('holds every excerpt word for word, and no control characters', () => {
    const [finding] = runDocument().findings;
    const excerpt = 'a <b> & "c" `d`\n\u001b[31mred\u001b[0m \u202eback';
    const { title, filename, content } = evidenceFile(
      runDocument({ findings: [{ ...finding!, evidence: [{ ...finding!.evidence[0]!, excerpt }] }] }),
    );
    expect(title).toBe('Evidence of api-prod, run 3f0c9d52');
    expect(filename).toBe('evidence-api-prod-3f0c9d52.txt');
    expect(content).toContain('api-2$ pg_stat_activity, 2026-11-22T02:53:07.000Z\n');
    expect(content).toContain('a <b> & "c" `d`\n\\x1b[31mred\\x1b[0m \\u202eback');
  });
});
