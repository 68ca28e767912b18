import type { Cause, Confidence, RemediationId } from '../model/cause.js';
import type { WorkersDoing } from '../model/finding.js';
import type { Service } from '../model/service.js';
import type { Target } from '../model/target.js';
import type { FactName, Facts } from '../probes/index.js';

/** A fact as one reading gave it. */
export type Observed<Fact> = {
  readonly target: Target;
  /** Host through which it was read, or `worker`. */
  readonly via: string;
  readonly source: string;
  readonly at: string;
  readonly fact: Fact;
};

/** Verbatim lines of one observed fact. The runner adds source, host and time. */
export type Quote = { readonly from: Observed<unknown>; readonly excerpt: string };

/** That a needed reading failed is not for checks to say: the runner does. */
export type Outcome =
  | { status: 'passed'; /** With numbers: "accept queue 0 of 128". */ summary: string }
  | { status: 'skipped'; reason: string }
  | {
      status: 'unknown';
      /** What was read tells of us, not of the service (our own login is refused): why, and what would allow it. */
      reason: string;
    }
  | {
      status: 'failed';
      confidence: Confidence;
      /** Number first, with units. */
      summary: string;
      evidence: readonly Quote[];
      /** Onset as ISO time, where the facts tell it. */
      since?: string;
      /** The check's own cause unless the facts show another. */
      cause?: Cause;
      /** What the workers of this host do, where the facts tell it. */
      workers?: WorkersDoing;
      /** Known only by how long an answer took. */
      byLatency?: true;
      remediations?: readonly RemediationId[];
    };

type Common<N extends FactName, U extends FactName> = {
  /** Noun of the failing state; equals the file name. */
  readonly id: string;
  readonly cause: Cause;
  readonly title: string;
  /**
   * What would have let it pass, as a noun: "a listener on the port". The card names it under a root, as looked for and
   * not seen, so it must be a state that the facts of a failed outcome deny.
   */
  readonly refutedBy?: string;
  /** Without one of these the outcome is unknown (or skipped where nothing is configured). */
  readonly needs: readonly N[];
  /** Looked at when there. */
  readonly uses?: readonly U[];
};

/** Judged once for each host, on that host's facts. */
export type HostCheck<N extends FactName = FactName, U extends FactName = FactName> = Common<N, U> & {
  readonly scope: 'host';
  evaluate(
    facts: { readonly [K in N]: Observed<Facts[K]> } & { readonly [K in U]?: Observed<Facts[K]> },
    context: { service: Service; host: string; now: string },
  ): Outcome;
};

/** Judged once for the service, or once for each dependency, on all readings of the named facts. */
export type ServiceCheck<N extends FactName = FactName, U extends FactName = FactName> = Common<N, U> & {
  readonly scope: 'service' | 'dependency';
  evaluate(
    /** Of a needed fact there is at least one. With scope `dependency`: only those of that dependency. */
    facts: { readonly [K in N | U]: readonly Observed<Facts[K]>[] },
    context: { service: Service; target: Target; now: string },
  ): Outcome;
};

export type Check = HostCheck | ServiceCheck;

/** Pure: no I/O, no clock, no environment. The compiler refuses a fact that is not declared. */
export const defineHostCheck = <const N extends FactName, const U extends FactName = never>(
  check: Omit<HostCheck<N, U>, 'scope'>,
): Check => ({ scope: 'host', ...check }) as unknown as Check;

export const defineServiceCheck = <const N extends FactName, const U extends FactName = never>(
  check: ServiceCheck<N, U>,
): Check => check;
