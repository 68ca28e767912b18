import { z } from 'zod';
import { RemediationId } from './cause.js';
import { digestOf } from './digest.js';
import { PlainPath } from './paths.js';
import { HostName, UnitName } from './service.js';
import { Target } from './target.js';

/** A name of HAProxy's, in the characters that HAProxy itself allows: none of them ends or begins a command. */
export const HaproxyName = z.string().regex(/^[A-Za-z0-9_.:-]{1,100}$/, 'must be a name of HAProxy');

/** One thing that is done, exactly as it is done: what the human confirms, the digest covers and the worker executes. */
export const PlanStep = z.discriminatedUnion('kind', [
  /** A program on a host, without a shell, once: the host's ledger sees to it. */
  z.strictObject({
    kind: z.literal('command'),
    host: HostName,
    argv: z.array(z.string().min(1)).min(1),
    /** Run with the rights of root, by `sudo -n` where the login is not root. */
    asRoot: z.boolean(),
    /** What `systemctl show` must still say at that moment. */
    expect: z.strictObject({ unit: UnitName, properties: z.record(z.string(), z.string()) }).nullable(),
  }),
  /** The link of a release led to another one, by a program of root's that takes no arguments and refuses any other pair. */
  z.strictObject({
    kind: z.literal('link'),
    host: HostName,
    program: PlainPath,
    link: PlainPath,
    from: PlainPath,
    to: PlainPath,
  }),
  /** One statement in the service's own database; its last parameter is the time after which it does nothing. */
  z.strictObject({
    kind: z.literal('sql'),
    text: z.string().min(1),
    /** Counts, with the same parameters but that time, what it has left undone: as `remaining`. */
    look: z.string().min(1),
    parameters: z.array(z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))])),
  }),
  /** One member of the service's pool, told to its balancer. */
  z.strictObject({
    kind: z.literal('member'),
    host: HostName,
    pool: HaproxyName,
    member: HaproxyName,
    state: z.enum(['drain', 'ready']),
  }),
  /** Nothing is changed: what must come true before the next step, or the plan stops here. */
  z.strictObject({
    kind: z.literal('wait'),
    until: z.enum(['healthy', 'drained', 'up']),
    /** Of the service; of the balancer for `drained` and `up`. */
    host: HostName,
    /** For `healthy`: the unit has to run, and in another invocation than this one. */
    unit: UnitName.nullable(),
    notInvocation: z.string().nullable(),
    /** For `drained` and `up`. */
    pool: HaproxyName.nullable(),
    member: HaproxyName.nullable(),
    seconds: z.int().min(1).max(300),
  }),
]);
export type PlanStep = z.infer<typeof PlanStep>;
export type StepOf<Kind extends PlanStep['kind']> = Extract<PlanStep, { kind: Kind }>;

/** Everything about a change, before it is made. */
export const Plan = z.strictObject({
  remediation: RemediationId,
  /** The button: "End 61 idle sessions". */
  label: z.string().min(1).max(75),
  target: Target,
  steps: z.array(PlanStep).min(1),
  /** One sentence each, for the person who confirms. */
  effect: z.string().min(1),
  blastRadius: z.string().min(1),
  undo: z.string().min(1).nullable(),
  /** What was true when it was planned: if one of these has changed, the button is of another world. */
  fingerprint: z.record(z.string(), z.string()),
  /** Of the inventory's entry: who edits it between verdict and press gets a refusal. */
  serviceDigest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Plan = z.infer<typeof Plan>;

/** What an approval, an audit row and a job are bound to. */
export const planDigest = (plan: Plan): string => digestOf(plan);

/** What differs between two fingerprints, in words; a key that only the new one has is no reason. */
export const changesBetween = (before: Plan['fingerprint'], now: Plan['fingerprint']): string[] =>
  Object.entries(before).flatMap(([what, value]) => {
    const current = now[what];
    if (current === value) return [];
    return [`${what} was ${value || 'empty'}, now ${current === undefined ? 'unknown' : current || 'empty'}`];
  });
