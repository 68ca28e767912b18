import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAgent, type Agent } from '../tools/diag503.js';
import { programSession, scriptFile, gathered } from './program.js';
import { missingAnswers } from './reads.js';
import { median } from './rounds.js';
import { BLACK_HOLE } from './site-files.js';
import type { Site } from './site.js';

export type Trouble = { name: string; runs: number; wallMs: number; answers: string; verdict: string };

const RUNS = 3;
/** Nobody waits as long as the kernel does (two minutes); clush's own default is the same ten seconds. */
const CONNECT_TIMEOUT_S = 10;

type Way = { name: string; look: () => Promise<Omit<Trouble, 'name' | 'runs'>> };

/** Nine hosts and one that swallows every packet. */
export async function measureDeadHost(site: Site): Promise<Trouble[]> {
  const living = site.hosts.slice(0, 9).map(({ name }) => name);
  const hosts = [...living, BLACK_HOLE.name];
  const agent = await startAgent(site, 'dead-host');
  const script = programSession({
    ...{ site, hosts, id: 'dead-host-script', missing: (output) => missingAnswers(output, living.length) },
    script: gathered(
      site,
      'dead-host-script',
      hosts,
      (host) =>
        `ssh -F ${site.sshConfig} -o ConnectTimeout=${CONNECT_TIMEOUT_S} ${host} sh <${scriptFile(site)}`,
    ),
  });
  const asked = (warm: boolean) => async () => {
    const { wallMs, reached, verdict } = await agent.ask({ what: 'diagnosis', service: 'shop-dead', warm });
    return { wallMs, answers: `${reached} of ${hosts.length}`, verdict: verdict?.status ?? 'none' };
  };
  try {
    return await inRounds([
      { name: 'diag503, whole diagnosis, new connections', look: asked(false) },
      { name: 'diag503, whole diagnosis, open connections', look: asked(true) },
      {
        name: `one \`ssh\` a host with one script, ConnectTimeout=${CONNECT_TIMEOUT_S}`,
        look: async () => ({
          wallMs: await script.look(),
          answers: `${living.length} of ${hosts.length}`,
          verdict: 'no verdict',
        }),
      },
    ]);
  } finally {
    await agent.stop();
    await script.stop();
  }
}

const BURNERS_PER_CORE = 8;
const DROWNED_PRESSURE = 50;
const OVERLOAD = /cpu-saturated|workers-busy|accept-queue-full/;

/** Eight burners a core on the first host, inside its own group, as a runaway job would be. */
export async function measureDrowningHost(site: Site, log: (line: string) => void): Promise<Trouble[]> {
  const [host] = site.hosts;
  if (!host) throw new Error('no host');
  const agent = await startAgent(site, 'drowning');
  await agent.ask({ what: 'diagnosis', service: 'shop-1', warm: true }); // the open connection
  const script = programSession({
    ...{ site, hosts: [host.name], id: 'drowning-script' },
    script: `ssh -F ${site.sshConfig} ${host.name} sh <${scriptFile(site)}`,
  });
  const burners = String(BURNERS_PER_CORE * availableParallelism());
  host.run('systemd-run', '-q', '--unit=burn', 'stress-ng', '--cpu', burners, '--timeout', '300');
  try {
    await untilDrowned(() => host.run('cat', '/proc/pressure/cpu'), log);
    return await inRounds([
      { name: 'diag503, whole diagnosis, open connection', look: () => verdictOf(agent, true) },
      { name: 'diag503, whole diagnosis, new connection', look: () => verdictOf(agent, false) },
      {
        name: 'one `ssh` with one script',
        look: async () => ({ wallMs: await script.look(), answers: '1 of 1', verdict: 'no verdict' }),
      },
    ]);
  } finally {
    host.run('systemctl', 'stop', 'burn');
    await agent.stop();
    await script.stop();
  }
}

const verdictOf = async (agent: Agent, warm: boolean): ReturnType<Way['look']> => {
  const { wallMs, reached, verdict, problems } = await agent.ask({
    what: 'diagnosis',
    service: 'shop-1',
    warm,
  });
  const overload = verdict?.checks.find((line) => OVERLOAD.test(line));
  const unread = problems.length > 0 ? `, ${problems.length} readings missing` : '';
  return {
    wallMs,
    answers: `${reached} of 1${unread}`,
    verdict: `${verdict?.status ?? 'none'}; ${overload ?? 'overload not named'}`,
  };
};

async function untilDrowned(pressure: () => string, log: (line: string) => void): Promise<void> {
  for (let second = 0; second < 60; second += 1) {
    const average = Number(/some avg10=([0-9.]+)/.exec(pressure())?.[1]);
    if (average >= DROWNED_PRESSURE) return;
    await sleep(1000);
  }
  log('the host does not drown: its CPU pressure stays low');
}

async function inRounds(ways: readonly Way[]): Promise<Trouble[]> {
  const seen = ways.map(({ name }) => ({ name, looks: [] as Omit<Trouble, 'name' | 'runs'>[] }));
  for (let round = 0; round < RUNS; round += 1)
    for (const [index, { look }] of ways.entries()) {
      const failed = (error: unknown) => ({
        wallMs: NaN,
        answers: String(error).slice(0, 200),
        verdict: 'none',
      });
      seen[index]?.looks.push(await look().catch(failed));
    }
  return seen.map(({ name, looks }) => ({
    ...{ name, runs: looks.length, wallMs: median(looks.map(({ wallMs }) => wallMs)) },
    answers: [...new Set(looks.map(({ answers }) => answers))].join(' / '),
    verdict: [...new Set(looks.map(({ verdict }) => verdict))].join(' / '),
  }));
}
