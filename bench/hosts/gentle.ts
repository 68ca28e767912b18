import type { LabHost } from '../../test/lab/host.js';
import { startAgent } from '../tools/diag503.js';
import type { Site } from './site.js';

/** What whole diagnoses leave on one host, by the host's own account. */
export type Gentle = {
  looks: number;
  logins: number;
  shells: number;
  /** Of all processes that the host started for one diagnosis, sshd's own included. */
  processes: { cold: number; warm: number };
  filesWritten: string[];
};

const LOOKS = 5;
const MARKER = '/run/bench-marker';

export async function measureGentle(site: Site): Promise<Gentle> {
  const [host] = site.hosts;
  if (!host) throw new Error('no host');
  const agent = await startAgent(site, 'gentle');
  const look = (warm: boolean): Promise<unknown> => agent.ask({ what: 'diagnosis', service: 'shop-1', warm });
  const looks = async (warm: boolean): Promise<number> => {
    const before = lastPid(host);
    for (let index = 0; index < LOOKS; index += 1) await look(warm);
    return (lastPid(host) - before - 1) / LOOKS;
  };
  try {
    host.run('touch', MARKER);
    const position = endOfJournal(host);
    const cold = await looks(false);
    const { logins, shells } = sessionsSince(host, position);
    const filesWritten = host
      .run('find', '/', '-xdev', '-newer', MARKER, '-type', 'f')
      .split('\n')
      .filter(Boolean);
    await look(true);
    return {
      looks: LOOKS,
      logins: logins / LOOKS,
      shells: shells / LOOKS,
      processes: { cold, warm: await looks(true) },
      filesWritten,
    };
  } finally {
    await agent.stop();
  }
}

const endOfJournal = (host: LabHost): string => {
  const shown = host.run('journalctl', '-n', '1', '-o', 'cat', '--no-pager', '--show-cursor');
  const cursor = /^-- cursor: (\S+)$/m.exec(shown)?.[1];
  if (cursor === undefined) throw new Error(`The journal of ${host.name} says no cursor: ${shown}`);
  return cursor;
};

/** sshd's own lines; for the second it needs LogLevel VERBOSE. A whole journal is megabytes after all the tools. */
const sessionsSince = (host: LabHost, cursor: string): { logins: number; shells: number } => {
  const said = host.run('journalctl', '-u', 'ssh', '-o', 'cat', '--no-pager', `--after-cursor=${cursor}`);
  const lines = said.split('\n');
  return {
    logins: lines.filter((line) => line.startsWith('Accepted publickey')).length,
    shells: lines.filter((line) => line.startsWith('Starting session')).length,
  };
};

/** Process numbers are given in turn, and each host has its own: the difference is the number of processes. */
const lastPid = (host: LabHost): number => Number(host.run('sh', '-c', 'echo $$'));
