import type { Runs } from '../../src/probes/define-probe.js';

/** One line of the runbook, as a human types it, and how its answer is recognised. */
export type Read = {
  name: string;
  command: string;
  answer: RegExp;
  /** How diag503 runs what its own probe of the same thing reads. */
  runs: Runs;
};

/** The same nine for every tool. None needs root, and none writes (nstat -s keeps no history file). */
export const READS: readonly Read[] = [
  {
    name: 'load',
    runs: 'inline',
    command: 'cat /proc/loadavg',
    answer: /\d+\.\d\d \d+\.\d\d \d+\.\d\d \d+\/\d+ \d+/g,
  },
  { name: 'pressure', runs: 'inline', command: 'cat /proc/pressure/cpu', answer: /some avg10=/g },
  { name: 'memory', runs: 'inline', command: 'free -m', answer: /Mem: +\d+/g },
  { name: 'sockets', runs: 'inline', command: 'ss -tlnp', answer: /LISTEN.*:8000\b/g },
  { name: 'unit', runs: 'beside', command: 'systemctl show shop', answer: /ActiveState=active/g },
  {
    name: 'journal',
    runs: 'beside',
    command: 'journalctl -u shop -n 50 -o json --no-pager',
    answer: /_BOOT_ID/g,
  },
  {
    name: 'health',
    runs: 'beside',
    command: 'curl -s -m 5 http://localhost:8000/health/',
    answer: /"status": ?"ok"/g,
  },
  { name: 'disk', runs: 'beside', command: 'df -Pk', answer: /Mounted on/g },
  {
    name: 'counters',
    runs: 'inline',
    command: 'nstat -asz TcpExtListenOverflows TcpExtListenDrops',
    answer: /TcpExtListenDrops +\d/g,
  },
];

export const ONE_SCRIPT = `${READS.map(({ command }) => command).join('\n')}\n`;

/** What of the nine answers of each host is missing in a tool's whole output; a fast failure is no result. */
export const missingAnswers = (output: string, hosts: number): string[] =>
  READS.flatMap(({ name, answer }) => {
    const found = output.match(answer)?.length ?? 0;
    return found >= hosts ? [] : [`${name}: ${found} of ${hosts}`];
  });
