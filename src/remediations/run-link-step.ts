import { quote } from '../probes/define-probe.js';
import type { StepOf } from '../model/plan.js';
import {
  type ApplyContext,
  connectTo,
  type Known,
  known,
  type StepRunner,
  wordsOf,
} from './apply-context.js';
import { lookAt, runOnce } from './run-command-step.js';

type Step = StepOf<'link'>;
const ASK_MS = 10_000;

/** The link of a release, through the host's ledger. Unlike other effects this one can be looked at afterwards. */
export const linkStep: StepRunner<Step> = {
  words: ({ host, link, from, to }) => `${host}: ${link} from ${from} to ${to}`,

  async apply(step, index, context) {
    const { host, program, from, to } = step;
    const run = { host, argv: [program], asRoot: true, expect: null, input: `${from} ${to}` };
    const said = await runOnce(run, index, context);
    return said.result === 'errored' ? byLink(step, said, 'failed', context) : said;
  },

  /** Nobody is at it any more, and the two calls that make it leave nothing in between: where it leads is what was done. */
  async look(step, index, context) {
    const said = await lookAt(step.host, null, index, context);
    const isOpen = said.result === 'unknown' && said.pending !== true;
    return isOpen || said.result === 'errored' ? byLink(step, said, 'not-done', context) : said;
  },
};

/** `unchanged`: what it means that the link still leads to where it led. */
async function byLink(
  { host, link, from, to }: Step,
  said: Known,
  unchanged: Known['result'],
  context: ApplyContext,
): Promise<Known> {
  const now = await leadsTo(host, link, context);
  if (now === to) return known('done', `${host}: ${link} leads to ${to}`);
  if (now === from) return known(unchanged, `${said.detail}; ${link} still leads to ${from}`);
  return known(said.result, `${said.detail}; ${link} leads to ${now ?? 'nobody knows where'}`);
}

async function leadsTo(host: string, link: string, context: ApplyContext): Promise<string | null> {
  try {
    const connection = await connectTo(host, context);
    const script = `readlink -f -- ${quote(link)}\n`;
    const options = { signal: AbortSignal.timeout(ASK_MS), maxBytes: 1_024 };
    const { exitCode, stdout } = await connection.runScript(script, options);
    return exitCode === 0 ? stdout.trim() : null;
  } catch (error) {
    context.onProgress(`${host} could not be asked: ${wordsOf(error)}`);
    return null;
  }
}
