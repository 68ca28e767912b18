import type { ToolId } from '../tools/index.js';
import type { Results } from './report.js';
import { median } from './rounds.js';

type Size = Results['sizes'][number];
type Aim = {
  what: string;
  at: (hosts: number) => boolean;
  measured: (size: Size) => number | null;
  limit: Limit;
};
type Limit = { atLeast: number } | { atMost: number };

const wall = ({ rows }: Size, id: ToolId): number | null => {
  const values = rows.find((row) => row.id === id)?.wallMs ?? [];
  return values.length === 0 ? null : median(values);
};
const caller = ({ rows, hosts }: Size, id: ToolId): number | null => {
  const values = rows.find((row) => row.id === id)?.callerCpuMs ?? [];
  return values.length === 0 ? null : median(values) / hosts;
};
const target = ({ rows }: Size, id: ToolId): number | null => {
  const values = rows.find((row) => row.id === id)?.targetCpuMs ?? [];
  return values.length === 0 ? null : median(values);
};
const ratio = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a / b;

const one = (hosts: number): boolean => hosts === 1;
const many = (hosts: number): boolean => hosts >= 10;
const times = (slow: ToolId, fast: ToolId) => (size: Size) => ratio(wall(size, slow), wall(size, fast));

/** What 100 ms are on the machine where the aims were set: the nine reads took 43 ms of CPU on a host there. */
const WHOLE_TO_READS = 2.3;

/** What the project promises, checked by every run of the benchmark. */
const AIMS: readonly Aim[] = [
  {
    what: 'new connection: times faster than by hand',
    at: one,
    measured: times('byHand', 'readsCold'),
    limit: { atLeast: 15 },
  },
  {
    what: 'new connection: times faster than one `ssh` with one script',
    at: one,
    measured: times('oneScript', 'readsCold'),
    limit: { atLeast: 2 },
  },
  {
    what: 'new connection: times faster than `clush`',
    at: one,
    measured: times('clush', 'readsCold'),
    limit: { atLeast: 3 },
  },
  {
    what: 'new connection: times faster than an Ansible playbook',
    at: one,
    measured: times('ansiblePlaybook', 'readsCold'),
    limit: { atLeast: 20 },
  },
  {
    what: 'open connection: times faster than by hand',
    at: one,
    measured: times('byHand', 'readsWarm'),
    limit: { atLeast: 50 },
  },
  {
    what: 'open connection: times the same script on the host without SSH',
    at: one,
    measured: times('readsWarm', 'onTheHostCompiled'),
    limit: { atMost: 1.3 },
  },
  {
    what: 'new connections: times faster than `clush`',
    at: many,
    measured: times('clush', 'readsCold'),
    limit: { atLeast: 1 },
  },
  {
    what: 'new connections: times faster than `parallel-ssh`',
    at: many,
    measured: times('parallelSsh', 'readsCold'),
    limit: { atLeast: 1 },
  },
  {
    what: 'open connections: times faster than `clush`',
    at: many,
    measured: times('clush', 'readsWarm'),
    limit: { atLeast: 3 },
  },
  {
    what: 'new connections: times less CPU of the caller than `clush`',
    at: many,
    measured: (size) => ratio(caller(size, 'clush'), caller(size, 'readsCold')),
    limit: { atLeast: 1 },
  },
  {
    what: 'caller, new connections, the reads: ms CPU a host',
    at: many,
    measured: (size) => caller(size, 'readsCold'),
    limit: { atMost: 20 },
  },
  {
    what: 'caller, open connections, the reads: ms CPU a host',
    at: many,
    measured: (size) => caller(size, 'readsWarm'),
    limit: { atMost: 8 },
  },
  {
    what: 'target, whole diagnosis, new connection: ms CPU',
    at: one,
    measured: (size) => target(size, 'diagnosisCold'),
    limit: { atMost: 130 },
  },
  {
    what: 'target, whole diagnosis, open connection: ms CPU',
    at: one,
    measured: (size) => target(size, 'diagnosisWarm'),
    limit: { atMost: 60 },
  },
  {
    what: 'target, whole diagnosis, open connection: times the CPU of the script on the host without SSH',
    at: one,
    measured: (size) => ratio(target(size, 'diagnosisWarm'), target(size, 'onTheHostPlain')),
    limit: { atMost: WHOLE_TO_READS },
  },
  {
    what: 'whole diagnosis, open connection: ms to the verdict',
    at: one,
    measured: (size) => wall(size, 'diagnosisWarm'),
    limit: { atMost: 500 },
  },
  {
    what: 'whole diagnosis, new connection: ms to the verdict',
    at: one,
    measured: (size) => wall(size, 'diagnosisCold'),
    limit: { atMost: 1000 },
  },
];

export const aims = ({ sizes }: Results): string => {
  const rows = sizes.flatMap((size) =>
    AIMS.filter(({ at }) => at(size.hosts)).flatMap((aim) => {
      const measured = aim.measured(size);
      return measured === null ? [] : [aimText(size.hosts, aim, measured)];
    }),
  );
  return ['| hosts | aim | limit | measured | met |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
};

const aimText = (hosts: number, { what, limit }: Aim, measured: number): string => {
  const met = 'atLeast' in limit ? measured >= limit.atLeast : measured <= limit.atMost;
  const words = 'atLeast' in limit ? `at least ${limit.atLeast}` : `at most ${limit.atMost}`;
  const digits = measured < 100 ? 1 : 0;
  return `| ${hosts} | ${what} | ${words} | ${measured.toFixed(digits)} | ${met ? 'yes' : '**no**'} |`;
};
