import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { CLIENT_NAMESPACE } from '../../test/lab/network.js';
import { memoryOf } from '../hosts/memory.js';
import type { Answer, Question } from '../hosts/questions.js';
import type { Site } from '../hosts/site.js';
import type { Session, Tool } from '../hosts/tool.js';

export type Agent = { ask(question: Question): Promise<Answer> } & Omit<Session, 'look'>;

/** Starts diag503 in a process and a cgroup of its own. */
export async function startAgent(site: Site, id: string): Promise<Agent> {
  const group = site.group.child('tools').child(id);
  const program = path.join(import.meta.dirname, '../agent.ts');
  const join = ['sh', '-c', 'echo $$ >"$0" && exec "$@"', group.procs];
  const child = spawn(
    'nsenter',
    [`--net=/run/netns/${CLIENT_NAMESPACE}`, ...join, process.execPath, '--import', 'tsx', program],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...site.env, DIAG503_INVENTORY: site.inventory },
    },
  );
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${id} ended by itself`)));
  ended.catch(() => undefined); // who waits for an answer is told
  await Promise.race([once(child, 'message'), ended]);
  return {
    ask: async (question) => {
      child.send(question);
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Answer];
      return answer;
    },
    cpuMs: () => group.cpuMs(),
    memoryBytes: () => memoryOf(group),
    stop: async () => {
      child.removeAllListeners('exit');
      group.kill();
    },
  };
}

const tool = (name: string, id: string, question: Omit<Question, 'service'>): Tool => ({
  name,
  prepare: async (site, hosts) => {
    const agent = await startAgent(site, id);
    const look = async (): Promise<number> => {
      const answer = await agent.ask({ ...question, service: `shop-${hosts.length}` });
      const wrong = [...answer.problems];
      if (answer.reached !== hosts.length) wrong.push(`reached ${answer.reached} of ${hosts.length} hosts`);
      if (answer.verdict && answer.verdict.status !== 'healthy') wrong.push(JSON.stringify(answer.verdict));
      if (wrong.length > 0) throw new Error(`${id}: ${wrong.slice(0, 5).join('; ')}`);
      return answer.wallMs;
    };
    // A worker has run for days: its code is compiled, its connections (when warm) are open.
    for (let round = 0; round < WARM_UPS; round += 1)
      await agent.ask({ ...question, service: `shop-${hosts.length}` });
    return { ...agent, look };
  },
});

const WARM_UPS = 3;

export const readsCold = tool('**diag503, the nine reads, new connection**', 'diag503-reads-cold', {
  what: 'reads',
  warm: false,
});
export const readsWarm = tool('**diag503, the nine reads, open connection**', 'diag503-reads-warm', {
  what: 'reads',
  warm: true,
});
export const diagnosisCold = tool('**diag503, whole diagnosis, new connection**', 'diag503-diagnosis-cold', {
  what: 'diagnosis',
  warm: false,
});
export const diagnosisWarm = tool('**diag503, whole diagnosis, open connection**', 'diag503-diagnosis-warm', {
  what: 'diagnosis',
  warm: true,
});
