import { gathered, programSession, quoted, scriptFile } from '../hosts/program.js';
import { READS } from '../hosts/reads.js';
import type { Site } from '../hosts/site.js';
import type { Tool } from '../hosts/tool.js';

/** Logged in beforehand: what has who sets ControlMaster in ssh_config, from the second command on. */
const overMaster = (name: string, id: string, command: (ssh: string, site: Site) => string): Tool => ({
  name,
  needs: { program: 'ssh', package: 'openssh-client' },
  prepare: async (site, hosts) => {
    const ssh = (host: string): string =>
      `ssh -F ${site.sshConfig} -o ControlPath=${site.folder}/masters/${id}-%n ${host}`;
    const session = programSession({
      ...{ site, hosts, id },
      script: gathered(site, id, hosts, (host) => `{ ${command(ssh(host), site)}\n}`),
      stop: (run) => run(hosts.map((host) => `${ssh(host)} -O exit`).join('\n')),
    });
    // The masters stand in a group of their own, where the end of a look does not reach them.
    const { procs } = site.group.child('tools').child(id).child('masters');
    const { exitCode, output } = await session.run(
      hosts.map((host) => `sh -c 'echo $$ >${procs}; exec ${ssh(host)} -M -N -f'`).join(' && '),
    );
    if (exitCode !== 0) throw new Error(`no ControlMaster: ${output}`);
    return session;
  },
});

export const nineOverMaster = overMaster(
  'nine `ssh` over ControlMaster, logged in before',
  'nine-over-master',
  (ssh) => READS.map(({ command }) => `${ssh} ${quoted(command)}`).join('\n'),
);

export const scriptOverMaster = overMaster(
  'one script over ControlMaster, logged in before',
  'script-over-master',
  (ssh, site) => `${ssh} sh <${scriptFile(site)}`,
);
