import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { inGroups } from '../../test/lab/controllers.js';
import { compileScript } from '../../src/diagnosis/compile-script.js';
import { gathered, programSession, quoted } from '../hosts/program.js';
import { ONE_SCRIPT } from '../hosts/reads.js';
import { READ_SNIPPETS } from '../hosts/read-probes.js';
import type { Tool } from '../hosts/tool.js';

/** The floor: nobody logs in. The shell joins the host's namespaces and its groups as the same login. */
const onTheHost = (name: string, id: string, text: string): Tool => ({
  name,
  prepare: async (site, hosts) => {
    const script = path.join(site.folder, `${id}.reads`);
    writeFileSync(script, text);
    const command = (host: string): string => {
      const found = site.hosts.find((one) => one.name === host);
      if (!found) throw new Error(`no host ${host}`);
      const inside = ['nsenter', '-t', String(found.init), '-m', '-u', '-i', '-n', '-p', '--'];
      const login = ['setpriv', '--reuid', 'diag503', '--regid', 'diag503', '--init-groups', 'sh'];
      return `${inGroups(host, [...inside, ...login])
        .map(quoted)
        .join(' ')} <${script}`;
    };
    return programSession({ ...{ site, hosts, id }, script: gathered(site, id, hosts, command) });
  },
});

export const onTheHostPlain = onTheHost('no SSH: the script on the host itself', 'on-the-host', ONE_SCRIPT);

export const onTheHostCompiled = onTheHost(
  "no SSH: diag503's form of the script on the host itself",
  'on-the-host-compiled',
  compileScript(READ_SNIPPETS, { nonce: '0'.repeat(32), maxBytes: 256 * 1024 }),
);
