import { programSession, quoted } from '../hosts/program.js';
import { ONE_SCRIPT } from '../hosts/reads.js';
import type { Tool } from '../hosts/tool.js';

export const clush: Tool = {
  name: 'ClusterShell: `clush` with one script',
  needs: { program: 'clush', package: 'clustershell' },
  prepare: async (site, hosts) =>
    programSession({
      ...{ site, hosts, id: 'clush' },
      script: `clush -S -w ${hosts.join(',')} -f ${hosts.length} -o '-F ${site.sshConfig}' ${quoted(ONE_SCRIPT)}`,
    }),
};
