import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasLongEvidence, quotedEvidence } from '../../../src/model/finding.js';
import type { Run } from '../../../src/model/incident.js';
import { RunDocument } from '../../../src/model/verdict.js';
import { evidenceFile } from '../../../src/slack/views/evidence-file.js';
import { headline } from '../../../src/slack/views/headline.js';
import { visible } from '../../../src/slack/views/mrkdwn.js';
import { picker } from '../../../src/slack/views/picker.js';
import * as answers from '../../../src/slack/views/private-answers.js';
import { serviceList } from '../../../src/slack/views/service-list.js';
import { status } from '../../../src/slack/views/status.js';
import { verdictCard, verdictText } from '../../../src/slack/views/verdict-card.js';
import { run, runDocument } from '../../helpers/run-document.js';
import { problems } from './within-limits.js';

const HOSTILE = [
  '<!channel> <!here> <@U0EVIL> <http://evil.example|restart> <#C0EVIL> <!subteam^S1|x>',
  '```\n``` `x` *bold* _it_ ~no~',
  '\u202etxet desrever\u202c \u200b\u200e\ufeff\u0000\u001b[31mred\u001b[0m\r\n\u0085',
  '&amp;&lt;!channel&gt;',
  '\\"\\"\\"\\n',
  '\ud83d\ude00\ud800 lone',
  'שלום عالم',
  '\u2028\u2029<!date^1^{time}|x>',
  '@channel @everyone #general http://evil.example',
];
const text = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc.constantFrom(...HOSTILE),
  fc
    .tuple(fc.constantFrom(...HOSTILE, '&', '"', '<', 'x'), fc.integer({ min: 1, max: 100_000 }))
    .map(([part, length]) => part.repeat(Math.ceil(length / part.length)).slice(0, length)),
);
const at = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const { verdict } = RunDocument.shape;
const cause = fc.constantFrom(...verdict.shape.cause.unwrap().options);
const confidence = fc.constantFrom(...verdict.shape.confidence.unwrap().options);
const target = fc.record({
  kind: fc.constantFrom('service', 'host', 'dependency', 'balancer' as const),
  name: text,
});
const many = <T>(arbitrary: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[]> =>
  fc.oneof(
    fc.array(arbitrary, { maxLength: 4 }),
    fc
      .tuple(arbitrary, fc.integer({ min: 0, max: most }))
      .map(([each, count]) => Array.from({ length: count }, () => each)),
  );
const evidence = fc.record({ source: text, host: fc.option(text), at: fc.oneof(at, text), excerpt: text });
const document: fc.Arbitrary<RunDocument> = fc.record({
  version: fc.constant(1 as const),
  service: text,
  run: fc.record({
    id: text,
    startedAt: at,
    durationMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
    rulesVersion: text,
  }),
  verdict: fc.record({
    status: fc.constantFrom(...verdict.shape.status.options),
    cause: fc.option(cause),
    confidence: fc.option(confidence),
    summary: text,
    chain: many(fc.record({ check: text, cause: fc.option(cause), target, summary: text, since: at }), 60),
    hop: fc.option(fc.constantFrom(...verdict.shape.hop.unwrap().options)),
    remediations: fc.constant([]),
  }),
  findings: many(
    fc.record({
      check: text,
      cause,
      target,
      confidence,
      summary: text,
      evidence: many(evidence, 5),
      remediations: fc.constant([]),
    }),
    500,
  ),
  ruledOut: many(fc.record({ cause, because: text }), 100),
  unknown: many(fc.record({ check: text, target, reason: text }), 500),
  checklist: fc.array(
    fc.record({
      question: text,
      answer: fc.constantFrom('yes', 'no', 'unknown', 'not-configured' as const),
      note: text,
    }),
    { minLength: 6, maxLength: 6 },
  ),
  hosts: many(
    fc.record({
      name: text,
      reached: fc.boolean(),
      reason: text,
      clockAheadMs: fc.double({ min: -1e12, max: 1e12, noNaN: true }),
    }),
    100,
  ),
  why: fc.record({
    because: fc.option(text),
    explains: many(text, 4),
    wouldContradict: many(text, 4),
    doubts: many(text, 4),
    considered: many(fc.record({ cause, check: text, what: text, because: text }), 20),
    notLookedAt: many(fc.record({ what: text, allow: fc.option(text) }), 20),
  }),
  peers: many(
    fc.record({
      host: text,
      comparedWith: fc.constant([]),
      differs: many(fc.record({ in: text, here: text, peers: text }), 4),
      same: fc.constant([]),
    }),
    4,
  ),
});
const anyRun: fc.Arbitrary<Run> = fc
  .record({
    service: text,
    state: fc.constantFrom('queued', 'running', 'finished', 'failed', 'refused' as const),
    origin: fc.record({
      kind: fc.constantFrom('slash', 'again', 'alert' as const),
      user: fc.option(fc.oneof(text, fc.constant('U0ANA'))),
    }),
    progress: fc.option(fc.record({ hosts: fc.nat(), done: fc.nat(), total: fc.nat() })),
    document: fc.option(document),
    error: fc.option(text),
  })
  .map((fields) => run(fields));

describe('every message is within Slack’s limits and holds nothing that Slack obeys', () => {
  it('the verdict card, whatever the document', () => {
    fc.assert(
      fc.property(anyRun, document, (any, doc) => {
        expect(problems(verdictCard(any, doc))).toEqual([]);
        expect(verdictText(any, doc).length).toBeLessThanOrEqual(4000);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('the headline and the private answers, whatever the run', () => {
    fc.assert(
      fc.property(anyRun, text, fc.array(text, { maxLength: 300 }), (any, words, names) => {
        const services = names.map((name) => ({ name, title: words, hosts: ['local'] }));
        const views = [
          headline(any),
          status(words, any),
          status(words, null),
          picker(names.map((_, index) => `${'s'.repeat(60)}${index}`)),
          serviceList(services),
          answers.unknownService(words, names.slice(0, 3)),
          answers.notAccepted(words, words),
          answers.alreadyLooking(any, words),
          answers.threadElsewhere(words, words),
          answers.notAllowed(words),
          answers.notPosted(words, words, words),
        ];
        for (const view of views) expect(problems(view)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('evidence that is not in a file is on the card in full', () => {
    fc.assert(
      fc.property(anyRun, document, (any, doc) => {
        if (hasLongEvidence(doc.findings)) return;
        const card = JSON.stringify(verdictCard(any, doc).blocks).replaceAll('\u2060', '');
        for (const { excerpt } of quotedEvidence(doc.findings)) {
          expect(card).toContain(JSON.stringify(visible(excerpt) || '(empty)').slice(1, -1));
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it.each(['valueOf', 'constructor', '__proto__'])(
    'a stored run whose root is called %s is shown',
    (check) => {
      const doc = runDocument();
      const chain = [{ ...doc.verdict.chain[0]!, check }];
      expect(problems(verdictCard(run(), { ...doc, verdict: { ...doc.verdict, chain } }))).toEqual([]);
    },
  );

  it('500 findings of 100,000 characters give one card and a file that ends', () => {
    const [finding] = runDocument().findings;
    const excerpt = '<!channel>"\\'.repeat(9000);
    const findings = Array.from({ length: 500 }, (_, index) => ({
      ...finding!,
      evidence: [{ ...finding!.evidence[0]!, source: `s${index}`, excerpt }],
    }));
    const doc = runDocument({ findings });
    expect(problems(verdictCard(run(), doc))).toEqual([]);
    expect(evidenceFile(doc).content.length).toBeLessThan(2_100_000);
  });
});
