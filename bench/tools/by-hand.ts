import { programSession, quoted } from '../hosts/program.js';
import { READS } from '../hosts/reads.js';
import type { Tool } from '../hosts/tool.js';

/** Each line of the runbook as a command of its own, host after host; typing and thinking cost nothing here. */
export const byHand: Tool = {
  name: 'the runbook by hand: nine `ssh`, one after another',
  needs: { program: 'ssh', package: 'openssh-client' },
  slow: true,
  prepare: async (site, hosts) =>
    programSession({
      ...{ site, hosts, id: 'by-hand' },
      script: hosts
        .flatMap((host) =>
          READS.map(({ command }) => `ssh -F ${site.sshConfig} ${host} ${quoted(command)}; echo`),
        )
        .join('\n'),
    }),
};
