import { gathered, programSession, quoted } from '../hosts/program.js';
import { READS } from '../hosts/reads.js';
import type { Tool } from '../hosts/tool.js';

export const nineAtOnce: Tool = {
  name: 'nine `ssh` a host, all at once',
  needs: { program: 'ssh', package: 'openssh-client' },
  slow: true,
  prepare: async (site, hosts) => {
    const each = hosts.flatMap((host) => READS.map(({ name, command }) => ({ host, name, command })));
    const named = new Map(each.map((one) => [`${one.host}.${one.name}`, one]));
    return programSession({
      ...{ site, hosts, id: 'nine-at-once' },
      script: gathered(site, 'nine-at-once', [...named.keys()], (key) => {
        const { host = '', command = '' } = named.get(key) ?? {};
        return `ssh -F ${site.sshConfig} ${host} ${quoted(command)}`;
      }),
    });
  },
};
