import type { z } from 'zod';
import type { Network } from '../clients/host-connection.js';
import type { Service } from '../model/service.js';
import type { Target } from '../model/target.js';

export type Runs = 'inline' | 'beside' | 'apart';

/** Reads one fact on each host. Pure data: the collector compiles all of them into one script for one exec. */
export type HostProbe<Fact extends z.ZodType = z.ZodType> = {
  readonly kind: 'host';
  readonly id: string;
  /** What it was called in the stored runs of earlier versions. */
  readonly formerId?: string;
  /** `balancer`: on the balancer's host, in the same way, instead of on those that run the service. */
  readonly at?: 'balancer';
  /** Times by the host's clock are ISO strings named `at`, `now` or `…At`: they are corrected before a check sees them. */
  readonly fact: Fact;
  /** Seconds after which the snippet is given up. 3 by default. */
  readonly timeoutSeconds?: number;
  /**
   * A process costs milliseconds on a good day and seconds on a host that drowns. `inline`: in the collecting shell itself,
   * for what reads the kernel's files and never waits; it neither exits nor relies on variables or arguments being
   * empty, and may hold one `PAUSE`, which all share. `beside`: in a copy of that shell, for trusted programs with bounded
   * output. `apart` (default): in a process of its own, killed after its time, its output capped.
   */
  readonly runs?: Runs | ((service: Service) => Runs);
  /** False where the service has nothing to read here; its checks are then skipped as not configured. */
  applies?(service: Service): boolean;
  /** What a human would type; shown with the evidence. */
  source(service: Service): string;
  /** POSIX sh. Built from the inventory only, every value through `quote()`. Only reads. Exit 0 when read. */
  script(service: Service): string;
  /** Splits but never judges; throws ClientError (`denied`, `not-installed`, `malformed`) where the output says so. */
  parse(output: { stdout: string; exitCode: number }, service: Service): z.input<Fact>;
};

/** One reading to take: what it is about and from where. `any-host` is the first that answers, else the worker. */
export type Place = { readonly target: Target; readonly from: string };
export const WORKER = 'worker';
export const ANY_HOST = 'any-host';

/** Reads one fact by speaking a protocol. Never writes, never judges; throws ClientError. */
export type ServiceProbe<Fact extends z.ZodType = z.ZodType> = {
  readonly kind: 'service';
  readonly id: string;
  readonly fact: Fact;
  /** Milliseconds after which it is given up. 4000 by default. */
  readonly timeoutMs?: number;
  /** `worker`: the worker's own view serves when the host allows no forwarding. */
  readonly fallback?: 'worker';
  /** Empty where the service has nothing to read here. */
  places(service: Service): readonly Place[];
  source(service: Service, place: Place): string;
  read(context: {
    service: Service;
    place: Place;
    network: Network;
    signal: AbortSignal;
  }): Promise<z.input<Fact>>;
};

export type Probe = HostProbe | ServiceProbe;

export const defineHostProbe = <Fact extends z.ZodType>(
  probe: Omit<HostProbe<Fact>, 'kind'>,
): HostProbe<Fact> => ({ kind: 'host', ...probe });

export const defineServiceProbe = <Fact extends z.ZodType>(
  probe: Omit<ServiceProbe<Fact>, 'kind'>,
): ServiceProbe<Fact> => ({ kind: 'service', ...probe });

export const runsOf = ({ runs }: HostProbe, service: Service): Runs | undefined =>
  typeof runs === 'function' ? runs(service) : runs;

/** Quotes one value for POSIX sh. The only way for a value to get into a script. */
export const quote = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;
