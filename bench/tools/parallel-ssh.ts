import { programSession, quoted } from '../hosts/program.js';
import { ONE_SCRIPT } from '../hosts/reads.js';
import type { Tool } from '../hosts/tool.js';

export const parallelSsh: Tool = {
  name: '`parallel-ssh` with one script',
  needs: { program: 'parallel-ssh', package: 'pssh' },
  prepare: async (site, hosts) =>
    programSession({
      ...{ site, hosts, id: 'parallel-ssh' },
      script: `parallel-ssh -i -p ${hosts.length} -x '-F ${site.sshConfig}' ${hosts.map((host) => `-H ${host}`).join(' ')} ${quoted(ONE_SCRIPT)}`,
    }),
};
