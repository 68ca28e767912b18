import type { RemediationId } from '../../../src/model/cause.js';
import type { Bench } from '../../e2e/bench.js';
import type { Lab } from '../lab.js';

/** One change, proven on real hosts: a fault that it mends, a world in which it must hold back, and whom it must not touch. */
export type Treatment = {
  readonly remediation: RemediationId;
  readonly service: 'shop' | 'desk';
  /** Statuses that users get before; afterwards it is 200. Empty: `inject` itself waits until some of them get an error. */
  readonly users: readonly number[];
  inject(lab: Lab): void | Promise<void>;
  heal(lab: Lab): void | Promise<void>;
  /** Seconds that the fault may work before the first look. */
  readonly settleSeconds?: number;
  /** After the verdict and before the press somebody else does something: the press must not go through. */
  readonly meanwhile?: {
    readonly what: string;
    change(lab: Lab): void | Promise<void>;
    /** What the thread or the private answer then says. */
    readonly told: RegExp;
    undo(lab: Lab): void | Promise<void>;
  };
  /** What has to become of it later by itself; throws where it does not. In words what was seen. */
  readonly afterwards?: (lab: Lab, bench: Bench) => Promise<string>;
  /** Of everything that is none of this change's business: the same before and after. */
  bystanders(lab: Lab): string;
  /** More of the inventory's rule for it. */
  readonly rule?: Readonly<Record<string, unknown>>;
};
