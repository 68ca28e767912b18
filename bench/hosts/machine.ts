import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg, release } from 'node:os';

/** What a reader must know to judge the figures. */
export type Machine = {
  date: string;
  system: string;
  cores: number;
  versions: string;
  loadBefore: string;
  loadAfter: string;
};

export const load = (): string => loadavg()[0]?.toFixed(1) ?? '';

export const describeMachine = (loadBefore: string): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  system: `${osName()}, kernel ${release().split('-')[0] ?? ''}`,
  cores: availableParallelism(),
  versions: [
    `Node ${process.version}`,
    firstLine('ssh', '-V'),
    firstLine('clush', '--version'),
    firstLine('ansible', '--version'),
  ]
    .filter((text) => text !== '')
    .join(', '),
  loadBefore,
  loadAfter: load(),
});

const osName = (): string =>
  /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';

/** `ssh` says its version on standard error. */
const firstLine = (program: string, option: string): string => {
  const { stdout, stderr } = spawnSync(program, [option], { encoding: 'utf8' });
  return (`${stdout}${stderr}`.split('\n')[0] ?? '').split(',')[0] ?? '';
};
