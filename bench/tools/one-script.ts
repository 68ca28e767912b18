import { gathered, programSession, scriptFile } from '../hosts/program.js';
import type { Tool } from '../hosts/tool.js';

const tool = (name: string, id: string, options: string): Tool => ({
  name,
  needs: { program: 'ssh', package: 'openssh-client' },
  prepare: async (site, hosts) => {
    const ssh = `ssh -F ${site.sshConfig} ${options}`;
    const script = gathered(site, id, hosts, (host) => `${ssh} ${host} sh <${scriptFile(site)}`);
    return programSession({ site, hosts, id, script });
  },
});

export const oneScript = tool('one `ssh` a host with one script', 'one-script', '');

/** OpenSSH negotiates a post-quantum key exchange, which ssh2 in Node does not have; this is the same work for both. */
export const oneScriptClassicKex = tool(
  'the same with `KexAlgorithms=curve25519-sha256`',
  'one-script-kex',
  '-o KexAlgorithms=curve25519-sha256',
);
