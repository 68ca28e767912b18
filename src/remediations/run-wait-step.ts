import { setTimeout as sleep } from 'node:timers/promises';
import { askHttp } from '../clients/http.js';
import type { StepOf } from '../model/plan.js';
import { quote } from '../probes/define-probe.js';
import { type ApplyContext, connectTo, known, type StepRunner, wordsOf } from './apply-context.js';
import { memberIs } from './run-member-step.js';

type Step = StepOf<'wait'>;
const EVERY_MS = 1_000;
const ASK_MS = 5_000;

/** Changes nothing. A host that does not come back ends the plan, so that the next one is left alone. */
export const waitStep: StepRunner<Step> = {
  words: ({ host, until, member, seconds }) => `${member ?? host}: wait until ${until}, at most ${seconds} s`,

  async apply(step, _index, context) {
    const deadline = Date.now() + step.seconds * 1_000;
    const name = step.member ?? step.host;
    for (;;) {
      const verdict = await look(step, context);
      if (verdict === true) return known('done', `${name} is ${step.until}`);
      if (verdict !== false) return known('failed', `${name}: ${verdict}`);
      if (context.signal.aborted)
        return known('failed', `${name}: nobody waits any longer: this worker is stopping`);
      if (Date.now() > deadline) return afterAll(step, name);
      await sleep(EVERY_MS);
    }
  },

  look: async () => known('not-done', 'nobody waited to the end'),
};

/** Whoever still has sessions after that long keeps them until they are cut off; what does not come up is a failure. */
const afterAll = ({ until, seconds }: Step, name: string) =>
  until === 'drained'
    ? known('done', `${name} still had sessions after ${seconds} s`)
    : known('failed', `${name} was not ${until} within ${seconds} s`);

/** True, not yet, or why never. */
async function look(step: Step, context: ApplyContext): Promise<boolean | string> {
  if (step.until !== 'healthy') return memberIs(step, context);
  try {
    const unit = await unitRuns(step, context);
    return unit === true ? await answers(step.host, context) : unit;
  } catch (error) {
    context.onProgress(`${step.host} could not be asked: ${wordsOf(error)}`);
    return false;
  }
}

async function unitRuns(
  { host, unit, notInvocation }: Step,
  context: ApplyContext,
): Promise<boolean | string> {
  if (unit === null) return true;
  const connection = await connectTo(host, context);
  const { stdout } = await connection.runScript(
    `systemctl show -p ActiveState -p InvocationID -p Job -- ${quote(unit)}\n`,
    { signal: AbortSignal.timeout(ASK_MS), maxBytes: 2_048 },
  );
  const said = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  const isAnother = notInvocation === null || said('InvocationID') !== notInvocation;
  const waits = !['', '0'].includes(said('Job'));
  if (said('ActiveState') === 'failed' && isAnother && !waits) return `${unit} failed to start`;
  return said('ActiveState') === 'active' && isAnother;
}

async function answers(host: string, context: ApplyContext): Promise<boolean> {
  const { network } = await connectTo(host, context);
  const ask = { url: context.service.health, verifyCertificate: false, deadlineMs: ASK_MS };
  const { status } = await askHttp(network, ask, AbortSignal.timeout(ASK_MS + 1_000));
  return status !== null && status < 400;
}
