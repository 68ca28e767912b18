import { formatBytes, formatSeconds, percent } from '../checks/host/clock.js';
import { onPort } from '../checks/host/port.js';
import { workerProcesses } from '../checks/host/workers.js';
import type { Service } from '../model/service.js';
import type { FactName, Facts } from '../probes/index.js';

/** What was read on one host. A trait that needs what was not read says nothing. */
export type HostFacts = {
  readonly service: Service;
  readonly now: string;
  readonly clockOffsetMs: number | undefined;
  fact<N extends FactName>(name: N): Facts[N] | undefined;
};

/** One thing in which hosts of a service are usually alike. */
export type Trait = {
  readonly name: string;
  /** In the words of a reader; undefined where it was not read. `amount` where only a large difference counts. */
  of(facts: HostFacts): { readonly words: string; readonly amount?: number } | undefined;
  /** Whether an amount differs enough from another. Words differ when they are not the same. */
  readonly unlike?: (here: number, other: number) => boolean;
};

/** Hosts are restarted one after the other: closer together than this is the same restart (rolling deployments). */
const SAME_RESTART_SECONDS = 15 * 60;
/** Half as old, or twice. */
const unlikeAge = (here: number, other: number): boolean =>
  Math.abs(here - other) > SAME_RESTART_SECONDS && Math.max(here, other) >= 2 * Math.min(here, other);
/** A machine of another size, not of another kernel's share. */
const unlikeSize = (here: number, other: number): boolean =>
  Math.max(here, other) >= 1.25 * Math.min(here, other);
/** Nearly full, and by more than a log's growth fuller than the others. */
const FULL = 0.9;
const unlikeFill = (here: number, other: number): boolean => here >= FULL && here - other >= 0.1;
/** R12: below this two clocks agree. */
const unlikeClock = (here: number, other: number): boolean => Math.abs(here - other) >= 5;

/** R11, by what they have to say about one sick host among healthy ones: what was changed first, then limits, then size. */
export const TRAITS: readonly Trait[] = [
  { name: 'release', of: (host) => told(host.fact('release'), ({ id }) => id) },
  {
    name: 'unit file',
    of: (host) =>
      told(host.fact('unitState'), ({ needsReload }) =>
        needsReload ? 'changed since systemd read it' : 'as systemd read it',
      ),
  },
  { name: 'start time', of: (host) => age(host, host.fact('unitState')?.execMainStartAt), unlike: unlikeAge },
  {
    name: 'boot time',
    of: (host) =>
      told(
        host.fact('hostClock'),
        ({ uptimeSeconds }) => `${formatSeconds(uptimeSeconds)} ago`,
        (fact) => fact.uptimeSeconds,
      ),
    unlike: unlikeAge,
  },
  {
    name: 'clock',
    of: ({ clockOffsetMs }) => told(clockOffsetMs, clockWords, (offset) => offset / 1000),
    unlike: unlikeClock,
  },
  {
    name: 'listening address',
    of: (host) => told(host.fact('listenSockets'), (sockets) => addressWords(sockets, host.service)),
  },
  {
    name: 'memory limit',
    of: (host) =>
      told(host.fact('unitCgroup'), ({ memoryBytes, memoryLimitBytes: limit }) =>
        memoryBytes === null ? null : limit === null ? 'none' : formatBytes(limit),
      ),
  },
  {
    name: 'CPU quota',
    of: (host) =>
      told(host.fact('unitCgroup'), ({ periods, cpuQuota }) =>
        periods === null ? null : cpuQuota === null ? 'none' : `${String(cpuQuota)} cores`,
      ),
  },
  {
    name: 'open files limit',
    of: (host) =>
      told(host.fact('unitProcesses'), ({ processes }) => {
        const limits = processes.flatMap(({ openFilesLimit }) => openFilesLimit ?? []);
        return limits.length === 0 ? null : String(Math.min(...limits));
      }),
  },
  {
    name: 'accept queue',
    of: (host) =>
      told(host.fact('listenSockets'), (sockets) => {
        const [first] = onPort(sockets, host.service);
        return first === undefined ? null : `${String(first.limit)} places`;
      }),
  },
  {
    name: 'workers',
    of: (host) =>
      told(host.fact('unitProcesses'), (fact) =>
        fact.count === 0 || fact.count > fact.processes.length ? null : String(workerProcesses(fact).length),
      ),
  },
  {
    name: 'fullest disk',
    of: (host) =>
      told(
        host.fact('diskSpace'),
        (systems) => {
          const fullest = fullestOf(systems);
          return fullest === undefined ? null : `${fullest.mount} ${percent(fillOf(fullest))} used`;
        },
        (systems) => Math.max(0, ...systems.map(fillOf)),
      ),
    unlike: unlikeFill,
  },
  { name: 'cores', of: (host) => told(host.fact('cpuPressure'), ({ cores }) => String(cores)) },
  {
    name: 'memory',
    of: (host) =>
      told(
        host.fact('memory'),
        ({ totalBytes }) => formatBytes(totalBytes),
        (fact) => fact.totalBytes,
      ),
    unlike: unlikeSize,
  },
];

const told = <Fact>(
  fact: Fact | undefined,
  words: (fact: Fact) => string | null,
  amount?: (fact: Fact) => number,
): ReturnType<Trait['of']> => {
  const said = fact === undefined ? null : words(fact);
  if (fact === undefined || said === null) return undefined;
  return { words: said, ...(amount === undefined ? {} : { amount: amount(fact) }) };
};

const age = ({ now }: HostFacts, at: string | null | undefined): ReturnType<Trait['of']> => {
  const seconds = (Date.parse(now) - Date.parse(at ?? '')) / 1000;
  return Number.isNaN(seconds) ? undefined : { words: `${formatSeconds(seconds)} ago`, amount: seconds };
};

const clockWords = (offsetMs: number): string =>
  offsetMs === 0
    ? 'right'
    : `${formatSeconds(Math.abs(offsetMs) / 1000)} ${offsetMs > 0 ? 'ahead' : 'behind'}`;

type FileSystem = Facts['diskSpace'][number];
const fillOf = ({ usedShare, inodesUsedShare }: FileSystem): number =>
  Math.max(usedShare, inodesUsedShare ?? 0);
const fullestOf = (systems: readonly FileSystem[]): FileSystem | undefined =>
  systems.toSorted((a, b) => fillOf(b) - fillOf(a))[0];

const LOOPBACK = /^(127\.|\[?::1|\[?::ffff:127\.)/;
const WILDCARD = /^(\*|0\.0\.0\.0|\[?::\]?)(%.*)?$/;

/** An address of its own is another on each host: only its kind compares. */
const addressWords = (sockets: Facts['listenSockets'], service: Service): string | null => {
  const kinds = onPort(sockets, service).map(({ address }) =>
    WILDCARD.test(address) ? 'all' : LOOPBACK.test(address) ? 'loopback' : 'its own',
  );
  return kinds.length === 0 ? null : [...new Set(kinds)].toSorted().join(' and ');
};
