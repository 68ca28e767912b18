import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CLIENT_NAMESPACE } from '../../test/lab/network.js';
import type { Group } from './group.js';
import { memoryOf } from './memory.js';
import { missingAnswers, ONE_SCRIPT } from './reads.js';
import type { Site } from './site.js';
import type { Session } from './tool.js';

type Job = {
  site: Site;
  hosts: readonly string[];
  /** Also the name of its cgroup. */
  id: string;
  /** What a person would put into a shell script. */
  script: string;
  env?: Record<string, string>;
  /** What is missing in the output; the marks of the nine reads by default. */
  missing?: (output: string) => string[];
  stop?: (run: Run) => Promise<unknown>;
};

type Run = (script: string) => Promise<{ wallMs: number; output: string; exitCode: number | null }>;

/** The shell stands in its group, in the client's namespace, and ready: only the job itself is measured. */
const LAUNCH = `echo $$ >"$1" && echo ready && read -r go && . "$2"`;

/** A session whose every look is one shell script in a process of its own. */
export const programSession = (job: Job): Session & { run: Run } => {
  const { site, id, script, hosts } = job;
  const group = site.group.child('tools').child(id);
  const running = group.child('run');
  const run: Run = (text) => runScript(text, running, path.join(site.folder, id), job.env ?? {});
  return {
    run,
    look: async () => {
      const { wallMs, output, exitCode } = await run(script);
      const missing = (job.missing ?? ((text) => missingAnswers(text, hosts.length)))(output);
      if (missing.length > 0)
        throw new Error(`${id}, exit ${exitCode}: no answer (${missing.join('; ')}):\n${output.slice(-500)}`);
      return wallMs;
    },
    cpuMs: () => group.cpuMs(),
    memoryBytes: () => memoryOf(group),
    stop: async () => {
      await job.stop?.(run);
      group.kill();
    },
  };
};

const runScript = async (
  script: string,
  group: Group,
  file: string,
  env: Record<string, string>,
): ReturnType<Run> => {
  writeFileSync(`${file}.sh`, `{\n${script}\n} </dev/null >'${file}.out' 2>&1\n`);
  const shell = ['sh', '-c', LAUNCH, 'sh', group.procs, `${file}.sh`];
  const child = spawn('nsenter', [`--net=/run/netns/${CLIENT_NAMESPACE}`, ...shell], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
  const startedAt = performance.now();
  child.stdin.write('go\n');
  const exitCode = await ended;
  const wallMs = performance.now() - startedAt;
  group.kill(); // what a tool leaves behind for the next time
  return { wallMs, exitCode, output: readFileSync(`${file}.out`, 'utf8') };
};

/** `command &` for each host, and `wait`. */
export const sideBySide = (hosts: readonly string[], command: (host: string) => string): string =>
  `${hosts.map((host) => `{ ${command(host)}\n} &`).join('\n')}\nwait`;

export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Hosts side by side, each one's answers in a file of its own, so that lines of several do not mix. */
export const gathered = (
  { folder }: Site,
  id: string,
  hosts: readonly string[],
  command: (host: string) => string,
): string => `${sideBySide(hosts, (host) => `${command(host)} >${folder}/${id}.${host}`)}
cat ${hosts.map((host) => `${folder}/${id}.${host}`).join(' ')}`;

/** The nine reads as a file, for tools that take one. */
export const scriptFile = ({ folder }: Site): string => {
  const file = path.join(folder, 'reads.sh');
  writeFileSync(file, ONE_SCRIPT);
  return file;
};
