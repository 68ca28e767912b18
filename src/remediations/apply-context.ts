import type { HostConnection, HostConnector, Network } from '../clients/host-connection.js';
import type { Plan, PlanStep } from '../model/plan.js';
import type { StepResult } from '../model/remediation.js';
import type { Service } from '../model/service.js';

/** What the steps of a plan work with. */
export type ApplyContext = {
  /** Of the remediation. With a step's place it names the entry of a host's ledger. */
  readonly id: string;
  readonly service: Service;
  readonly plan: Plan;
  readonly connector: HostConnector;
  /** Where the worker stands. */
  readonly network: Network;
  /** The step at hand does not begin after this. */
  readonly notAfter: Date;
  /** Looked at before each effect; an effect that has begun is not cut off by it. */
  readonly signal: AbortSignal;
  readonly onProgress: (words: string) => void;
  /** For tests: where the ledger is kept on the hosts. */
  readonly ledgerFolder?: string;
};

export type Known = Omit<StepResult, 'step'>;

/** A step's place in its plan; with a word behind it where something follows from it that is not in the plan. */
export type Place = number | `${number}-${string}`;

/** What one kind of step does, and how it is found out afterwards whether it did. */
export type StepRunner<Step extends PlanStep> = {
  words(step: Step): string;
  apply(step: Step, index: Place, context: ApplyContext): Promise<Known>;
  /** Nobody is at it any more. The answer stays true: what is told as not done can not happen later either. */
  look(step: Step, index: Place, context: ApplyContext): Promise<Known>;
};

export const entryOf = ({ id }: ApplyContext, index: Place): string => `${id}-${index}`;

/** A step that has not begun by then does not begin: whoever stood still for that long is not the one to act. */
export const BEGIN_WITHIN_MS = 30_000;

/** A way to the host that an effect may take to its end. */
export const EFFECT_MS = 55_000;
const LOGIN_MS = 10_000;

export const connectTo = (host: string, { connector }: ApplyContext): Promise<HostConnection> =>
  connector.connect(host, AbortSignal.timeout(LOGIN_MS));

export const folderOf = ({ ledgerFolder }: ApplyContext): { folder?: string } =>
  ledgerFolder === undefined ? {} : { folder: ledgerFolder };

export const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
export const known = (result: Known['result'], detail: string): Known => ({ result, detail });
/** Nobody knows yet, and another look may tell. */
export const pending = (detail: string): Known => ({ result: 'unknown', detail, pending: true });
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
