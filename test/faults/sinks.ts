import { createFrameReader } from '../../src/diagnosis/frames.js';
import { parseInventory } from '../../src/config/inventory.js';
import type { Approval, Outcome, RemediationState } from '../../src/model/remediation.js';
import type { RunDocument } from '../../src/model/verdict.js';
import { quote } from '../../src/probes/define-probe.js';
import { parseLedger } from '../../src/remediations/host-ledger.js';
import { ledgerScript } from '../../src/remediations/ledger-script.js';
import { byId } from '../../src/slack/listeners/if-allowed.js';
import { parseCommand } from '../../src/slack/listeners/parse-command.js';
import { headline } from '../../src/slack/views/headline.js';
import { mention } from '../../src/slack/views/mrkdwn.js';
import { notAccepted, notAllowed, notPosted, unknownService } from '../../src/slack/views/private-answers.js';
import { notPossible, notYours } from '../../src/slack/views/remediation-answers.js';
import { remediationCard } from '../../src/slack/views/remediation-card.js';
import { status } from '../../src/slack/views/status.js';
import { verdictCard } from '../../src/slack/views/verdict-card.js';
import type { View } from '../../src/slack/views/view.js';
import { plan } from '../helpers/plan.js';
import { remediation } from '../helpers/remediation.js';
import { run, runDocument } from '../helpers/run-document.js';

/** A place where text from outside comes in; answers what is wrong with what it made of it. */
export type Sink = { name: string; wrongs(text: string): string[] | Promise<string[]> };

const AT = '2026-11-22T02:53:07.000Z';
const NONCE = '00112233445566778899aabb';
/** Everything that Slack would obey, wherever it stands. */
const OBEYED = /<[!@#][^\s<>]{0,40}|<(?:https?|mailto|tel|slack):[^\s<>]{0,40}/gi;
const HARMLESS = 'harmless';

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const each of Object.values(value)) yield* stringsIn(each);
}
/** Also for what a real Slack was sent. */
export const obeyedIn = (view: unknown): string[] =>
  [...stringsIn(view)].flatMap((text) => text.match(OBEYED) ?? []).toSorted();

/** What Slack would obey must be what it obeys with a harmless text in the same place: our own templates. */
function viewSink(name: string, build: (text: string) => View): Sink {
  const ours = new Set(obeyedIn(build(HARMLESS)));
  return {
    name,
    wrongs: (text) => {
      const view = build(text);
      const foreign = obeyedIn(view).filter((token) => !ours.has(token));
      const json = JSON.stringify(view.blocks);
      return [
        ...foreign.map((token) => `Slack would obey ${token}`),
        ...(json.length > 13_000 ? [`${json.length} characters of blocks`] : []),
        ...(view.text === '' || view.text.length > 4_000 ? [`a text of ${view.text.length}`] : []),
      ];
    },
  };
}

const outcomeOf = (words: string): Outcome => ({
  ...{ effect: 'done', words, steps: [], howToCheck: words, drained: [words] },
  figures: [{ name: words, before: words, after: words }],
});
const STATES: readonly RemediationState[] = [
  ...(['requested', 'approved', 'running', 'verified', 'ineffective'] as const),
  ...(['failed', 'unknown', 'refused', 'expired'] as const),
];

function cardViews(): Sink[] {
  return STATES.map((state) =>
    viewSink(`card of a change: ${state}`, (text) => {
      const approval: Approval = {
        ...{ remediationId: remediation().id, approver: text, answer: 'approved', planDigest: 'x', at: AT },
      };
      const told = state === 'running' || state === 'requested' ? null : outcomeOf(text);
      const changed = remediation({
        ...{ state, reason: text, progress: text, service: text, requestedBy: text, outcome: told },
        ...{ approvalsNeeded: 1, finishedAt: state === 'unknown' ? null : AT, restoreAt: AT },
        plan: plan({ label: text, effect: text, blastRadius: text, undo: text }),
      });
      return remediationCard(changed, [approval]);
    }),
  );
}

function documentWith(text: string): RunDocument {
  const made = runDocument();
  const evidence = [{ source: text, host: text, at: AT, excerpt: text }];
  return {
    ...made,
    service: text,
    verdict: {
      ...made.verdict,
      summary: text,
      chain: made.verdict.chain.map((each) => ({ ...each, summary: text })),
    },
    findings: made.findings.map((each) => ({ ...each, summary: text, evidence })),
    ruledOut: [{ cause: 'overload', because: text }],
    unknown: [{ check: text, target: { kind: 'host', name: text }, reason: text }],
    checklist: made.checklist.map((each) => ({ ...each, note: text })),
    hosts: [{ name: text, reached: false, reason: text }],
  };
}

const answers: Sink[] = [
  viewSink('answer: no such service', (text) => unknownService(text, [text])),
  viewSink('answer: not accepted', (text) => notAccepted(text, text)),
  viewSink('answer: not allowed', notAllowed),
  viewSink('answer: not posted', (text) => notPosted(text, text, text)),
  viewSink('answer: not yours', (text) =>
    notYours(
      remediation({ plan: plan({ label: text }) }),
      text,
      [text],
      new Map([[text, { users: [text], groups: [text] }]]),
    ),
  ),
  viewSink('answer: not possible', (text) => notPossible(remediation({ plan: plan({ label: text }) }), text)),
  viewSink('headline', (text) => headline(run({ service: text, state: 'failed', error: text }))),
  viewSink('headline: who asked', (text) => headline(run({ origin: { kind: 'slash', user: text } }))),
  viewSink('status', (text) => status(text, run({ service: text, document: documentWith(text) }))),
  viewSink('verdict: log lines, hosts, reasons', (text) => {
    const document = documentWith(text);
    return verdictCard(run({ service: text, document }), document, []);
  }),
];

const NAMES = ['api-prod', 'shop', 's-0000'];

const slashText: Sink = {
  name: 'slash text',
  wrongs: (text) => {
    const command = parseCommand(text, NAMES);
    const named = 'service' in command ? command.service : NAMES[0]!;
    return NAMES.includes(named) ? [] : [`it chose the service ${named}`];
  },
};

const buttonValue: Sink = {
  name: 'button value',
  wrongs: async (text) => {
    const asked: string[] = [];
    const get = (id: string): Promise<null> => Promise.resolve(void asked.push(id)).then(() => null);
    await byId({ store: { remediations: { get } } } as unknown as Parameters<typeof byId>[0], text);
    return asked.filter((id) => !/^[0-9a-f-]{36}$/i.test(id)).map((id) => `the store was asked for ${id}`);
  },
};

const userName: Sink = {
  name: 'user name',
  wrongs: (text) => {
    const shown = mention(text);
    const isId = /^<@[UW][A-Z0-9]{2,30}>$/.test(shown) && shown === `<@${text}>`;
    return !isId && shown.match(OBEYED) !== null ? [`shown as ${shown}`] : [];
  },
};

/** As a name in the file, and as a value there: what is not a name is an error with its line. */
const serviceName: Sink = {
  name: 'service name',
  wrongs: (text) => {
    const file = `services:\n  ${JSON.stringify(text)}: { hosts: [local], health: "http://127.0.0.1:1/" }\n`;
    try {
      const names = [...parseInventory(file, { file: 'services.yaml', env: {} }).services.keys()];
      return names
        .filter((name) => !/^[a-z0-9][a-z0-9._-]{0,62}$/.test(name))
        .map((name) => `accepted ${name}`);
    } catch (error) {
      return error instanceof Error && error.name === 'ConfigError' ? [] : [`threw ${String(error)}`];
    }
  },
};

/** Without the nonce, which no program on the host can read, nothing is an answer. */
const hostOutput: Sink = {
  name: 'host output',
  wrongs: (text) => {
    const said: string[] = [];
    const onFrame = ({ id }: { id: string }): void => void said.push(`it made the frame ${id}`);
    createFrameReader({ nonce: NONCE, maxBytes: 1_000, onFrame }).push(Buffer.from(text));
    try {
      said.push(`the ledger's answer is ${parseLedger(text, NONCE).result}`);
    } catch {
      // no answer: as it must be
    }
    return said;
  },
};

/** One word for the shell, whatever is in it: outside of quotes there is nothing but an escaped quote. */
const shellWord: Sink = {
  name: 'shell compiler',
  wrongs: (text) => {
    const mode = {
      kind: 'run',
      argv: ['/bin/true', text],
      asRoot: false,
      expect: null,
      notAfter: 1,
      limitSeconds: 1,
    } as const;
    const script = ledgerScript({ id: 'a-0', nonce: NONCE, mode, folder: text });
    const bare = outsideOfQuotes(quote(text));
    return [
      ...(bare === '' ? [] : [`outside of quotes: ${bare}`]),
      ...(script.includes(`set -- '/bin/true' ${quote(text)}\n`)
        ? []
        : ['the argument is not the quoted text']),
    ];
  },
};

/** What a shell would read outside of quotes, less the quotes that are escaped. */
const outsideOfQuotes = (word: string): string => word.replace(/'[^']*'|\\'/g, '');

export const sinks: readonly Sink[] = [
  ...[slashText, buttonValue, userName, serviceName, hostOutput, shellWord],
  ...answers,
  ...cardViews(),
];
