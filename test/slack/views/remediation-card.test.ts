import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../../src/model/remediation.js';
import { RemediationState } from '../../../src/model/remediation.js';
import { Role } from '../../../src/model/service.js';
import { isWithdrawn, verdictActions } from '../../../src/slack/views/remediation-actions.js';
import { chosen, notPossible, notYours } from '../../../src/slack/views/remediation-answers.js';
import { breakGlassForm } from '../../../src/slack/views/break-glass-form.js';
import { remediationCard } from '../../../src/slack/views/remediation-card.js';
import { verdictCard } from '../../../src/slack/views/verdict-card.js';
import { plan } from '../../helpers/plan.js';
import { remediation } from '../../helpers/remediation.js';
import { run, runDocument } from '../../helpers/run-document.js';
import type { View } from '../../../src/slack/views/view.js';
import { problems } from './within-limits.js';

const HOSTILE = [
  '<!channel> <@U0EVIL>',
  '```x```',
  '\u202e\u0000\u001b[31m',
  '<http://evil.example|y>',
  '&"<x',
];
const text = fc
  .tuple(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ minLength: 1, unit: 'binary' })), fc.nat(9_000))
  .map(([part, length]) => part.repeat(Math.ceil((length + 1) / part.length)).slice(0, length + 1));
const yes = (approver: string): Approval => ({
  ...{ remediationId: remediation().id, approver, answer: 'approved', planDigest: 'x' },
  at: '2026-11-22T02:53:07.000Z',
});
const words = (view: { text: string; blocks: unknown[] }): string =>
  `${view.text} ${JSON.stringify(view.blocks)}`;
const asked = { requestedBy: 'U0ANA', state: 'requested' } as const;

/** What a hostile host, inventory or person could put into one. */
const any = fc
  .record({
    state: fc.constantFrom(...RemediationState.options),
    label: text.map((label) => label.slice(0, 75)),
    ...{ effect: text, blastRadius: text, undo: fc.option(text), service: text, progress: fc.option(text) },
    ...{
      reason: fc.option(text),
      requestedBy: fc.option(text),
      approvalsNeeded: fc.nat(5),
      argv: fc.array(text),
    },
    ...{
      details: text,
      figures: fc.array(fc.record({ name: text, before: text, after: text }), { maxLength: 9 }),
    },
    ...{ hasOutcome: fc.boolean(), finishedAt: fc.constantFrom(null, '2026-11-22T02:53:07.000Z') },
    restoreAt: fc.constantFrom(null, '2026-11-22T02:53:07.000Z'),
  })
  .map(({ label, effect, blastRadius, undo, argv, details, figures, hasOutcome, ...fields }) =>
    remediation({
      ...fields,
      plan: plan({
        ...{ label, effect, blastRadius, undo },
        steps: argv.map((word) => ({
          ...{ kind: 'command', host: 'api-1', argv: [word, '; id'], asRoot: true, expect: null },
        })),
      }),
      outcome: hasOutcome
        ? { effect: 'done', words: details, steps: [], figures, howToCheck: details }
        : null,
    }),
  );

describe('everything that a change shows', () => {
  it('stays within the limits of Slack and orders Slack to do nothing', () => {
    fc.assert(
      fc.property(any, text, (each, other) => {
        const roles = new Map([['operator', Role.parse({ users: ['U0ANA'], groups: ['S0OPS'] })]]);
        expect(problems(remediationCard(each, [yes('U0BEN'), yes(other)]))).toEqual([]);
        expect(problems(notYours(each, other, ['operator', other], roles))).toEqual([]);
        expect(problems(notPossible(each, other))).toEqual([]);
        expect(problems(chosen(each))).toEqual([]);
        const actions = verdictActions(run().id, [each, each, each, each]);
        expect(problems(verdictCard(run(), runDocument(), actions, [each, each]))).toEqual([]);
        expect(
          problems({ text: 'form', blocks: breakGlassForm(each, 'C0OPS').blocks as View['blocks'] }),
        ).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the card of a change', () => {
  it('shows the exact plan to who has to approve it', () => {
    const view = words(remediationCard(remediation({ ...asked, approvalsNeeded: 2 }), [yes('U0BEN')]));
    expect(view).toContain('waits for 1 more approval by somebody else, approved by <@U0BEN>');
    expect(view).toContain(
      '(as root) /usr/bin/systemctl --no-pager --no-ask-password --no-block restart api.service',
    );
    expect(view).toContain('*Undo*: not possible');
    expect(view).toContain(`"approve-remediation"`);
    expect(view).toContain(`${remediation().id} ${remediation().planDigest}`);
  });

  it('shows all of a long plan, and has no button for one that it cannot show', () => {
    const step = (word: string) =>
      ({ kind: 'command', host: 'api-1', argv: ['/bin/true', word], asRoot: false, expect: null }) as const;
    const steps = Array.from({ length: 60 }, (_, index) => step(`step-${index}-${'x'.repeat(80)}`));
    const card = (fields: object) =>
      words(remediationCard(remediation({ ...asked, approvalsNeeded: 1, plan: plan(fields) }), []));
    const whole = card({ steps });
    for (const { argv } of steps)
      expect(whole.replaceAll('\\n```"', '').replaceAll(/```\\n/g, '')).toContain(argv[1].slice(0, 8));
    expect(whole).toContain('approve-remediation');
    const endless = card({ steps: [...steps, step('&'.repeat(2_000))] });
    expect(endless).toContain('longer than a message can show');
    expect(endless).not.toContain('approve-remediation');
  });

  it('counts what a plan takes in JSON', () => {
    const argv = ['/bin/echo', '"'.repeat(5_000)];
    const quotes = { kind: 'command', host: 'api-1', argv, asRoot: false, expect: null } as const;
    const view = remediationCard(
      remediation({ ...asked, approvalsNeeded: 1, plan: plan({ steps: [quotes] }) }),
      [],
    );
    expect(problems(view)).toEqual([]);
    expect(words(view)).toContain('longer than a message can show');
  });

  it('offers to go without approval only where the inventory allows it', () => {
    const card = (breakGlass: boolean) =>
      words(remediationCard(remediation({ ...asked, approvalsNeeded: 1, breakGlass }), []));
    expect(card(true)).toContain('"break-glass"');
    expect(card(false)).not.toContain('"break-glass"');
  });

  it('has no buttons once it needs nobody any more', () => {
    for (const state of RemediationState.options.filter((each) => each !== 'requested'))
      expect(words(remediationCard(remediation({ ...asked, state, approvalsNeeded: 2 }), []))).not.toContain(
        'approve-remediation',
      );
  });

  it('is loud where approvals were passed by', () => {
    const view = remediationCard(remediation({ ...asked, reason: 'nobody else is awake' }), []);
    expect(view.text).toContain('*without approval*, because: nobody else is awake');
  });

  it('never tells what began as if nothing had happened', () => {
    const outcome = { words: 'exit status 3', steps: [], figures: [], howToCheck: null };
    const failed = (effect: 'not-done' | 'failed' | 'partly') =>
      remediationCard(remediation({ ...asked, state: 'failed', outcome: { ...outcome, effect } }), []).text;
    expect(failed('not-done')).toContain('*not done*');
    expect(failed('failed')).toContain('begun');
    expect(failed('partly')).toContain('*only in part*');
    expect(failed('partly')).not.toContain('not done');
    const open = { ...asked, state: 'unknown', finishedAt: '2026-11-22T02:53:07.000Z' } as const;
    const unmeasured = remediation({ ...open, outcome: { ...outcome, effect: 'done' } });
    expect(remediationCard(unmeasured, []).text).toContain('whether it helped is *not known*');
  });

  it('says when what it drained goes back, and lets somebody keep it out', () => {
    const at = '2026-11-22T02:53:07.000Z';
    const outcome = { effect: 'done', words: '', steps: [], figures: [], howToCheck: null } as const;
    const fields = { ...asked, state: 'verified', finishedAt: at, restoreAt: at } as const;
    const drained = { ...outcome, steps: [], figures: [], drained: ['api-1'] };
    const view = words(remediationCard(remediation({ ...fields, outcome: drained }), []));
    expect(view).toContain('api-1 goes back into the pool by itself');
    expect(view).toContain('"keep-drained"');
    const over = { ...fields, restoreAt: null, outcome: drained, progress: 'api-1 was put back' };
    const kept = words(remediationCard(remediation(over), []));
    expect(kept).not.toContain('keep-drained');
    expect(kept).toContain('api-1 was put back');
  });

  it('says plainly that it did not help, and what nobody knows', () => {
    const outcome = {
      effect: 'unknown',
      words: 'w',
      steps: [],
      figures: [],
      howToCheck: 'systemctl show api',
    } as const;
    const given = { ...asked, outcome: { ...outcome, steps: [], figures: [] } };
    expect(remediationCard(remediation({ ...given, state: 'ineffective' }), []).text).toContain(
      '*did not help*',
    );
    const unknown = remediation({ ...given, state: 'unknown', finishedAt: '2026-11-22T02:53:07.000Z' });
    expect(words(remediationCard(unknown, []))).toContain('systemctl show api');
  });
});

describe('the buttons below a verdict', () => {
  it('say who feels it, however long the effect is', () => {
    const long = remediation({
      plan: plan({ effect: 'x'.repeat(400), blastRadius: 'Open requests are cut off.' }),
    });
    expect(JSON.stringify(verdictActions('r', [long])[0]?.confirm)).toContain('are cut off');
  });

  it('are two changes and another look, the rest is in the menu', () => {
    const four = [1, 2, 3, 4].map((count) => remediation({ plan: plan({ label: `Change ${count}` }) }));
    const labels = verdictActions('r', four).map(({ label }) => label);
    expect(labels).toEqual(['Change 1', 'Change 2', 'Run again', 'Change 3', 'Change 4']);
    const row = JSON.stringify(verdictCard(run(), runDocument(), verdictActions('r', four)).blocks);
    expect([...row.matchAll(/"action_id":"([^"]+)"/g)].map(([, id]) => id)).toEqual([
      ...['remediate', 'remediate-2', 'run-again', 'more-actions'],
    ]);
  });

  it('are not for what did not help, and the card says so', () => {
    const why = 'it was done 2 times in the last 24 h and did not help: the cause is elsewhere';
    const withdrawn = remediation({ state: 'refused', progress: why });
    expect(isWithdrawn(withdrawn)).toBe(true);
    expect(isWithdrawn(remediation({ ...asked, state: 'refused' }))).toBe(false);
    const view = words(verdictCard(run(), runDocument(), verdictActions('r', []), [withdrawn]));
    expect(view).toContain(`Not offered: *${withdrawn.plan.label}*: ${why}`);
  });

  it('are none where the right answer is to wait, and the card says why', () => {
    const { verdict } = runDocument();
    const chain = [{ ...verdict.chain[0]!, check: 'rollout-in-progress' }];
    const view = words(verdictCard(run(), runDocument({ verdict: { ...verdict, chain } })));
    expect(view).toContain('*Nothing to press yet*: a rollout is in progress');
    expect(view).toContain('ask whoever deploys');
  });
});
