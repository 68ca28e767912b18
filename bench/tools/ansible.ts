import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { programSession, quoted } from '../hosts/program.js';
import { ONE_SCRIPT, READS } from '../hosts/reads.js';
import type { Site } from '../hosts/site.js';
import type { Tool } from '../hosts/tool.js';

/**
 * As installed, with one fork a host. Its connections are its own default (ControlMaster with ControlPersist=60s),
 * so they live through the nine tasks of one run; between runs they are ended, as for a person who comes an hour later.
 */
const settings = (site: Site): Record<string, string> => ({
  ANSIBLE_CONFIG: path.join(site.folder, 'ansible/ansible.cfg'),
  ANSIBLE_HOME: path.join(site.folder, 'ansible'),
  ANSIBLE_LOCAL_TEMP: path.join(site.folder, 'ansible/tmp'),
  ANSIBLE_SSH_ARGS: `-C -F ${site.sshConfig} -o ControlMaster=auto -o ControlPersist=60s`,
  ANSIBLE_SSH_CONTROL_PATH_DIR: path.join(site.folder, 'ansible/cp'),
  ANSIBLE_NOCOLOR: '1',
  LC_ALL: 'C.UTF-8',
});

const prepareFolder = (site: Site): void => {
  mkdirSync(path.join(site.folder, 'ansible'), { recursive: true });
  writeFileSync(path.join(site.folder, 'ansible/ansible.cfg'), '');
};

const needs = { program: 'ansible', package: 'ansible-core' };

export const ansibleRaw: Tool = {
  name: 'Ansible: `raw` with one script',
  needs,
  prepare: async (site, hosts) => {
    prepareFolder(site);
    return programSession({
      ...{ site, hosts, id: 'ansible-raw', env: settings(site) },
      script: `ansible all -i ${hosts.join(',')}, -f ${hosts.length} -m raw -a ${quoted(ONE_SCRIPT)}`,
    });
  },
};

export const ansiblePlaybook: Tool = {
  name: 'Ansible: a playbook of nine tasks',
  needs,
  slow: true,
  prepare: async (site, hosts) => {
    prepareFolder(site);
    const book = path.join(site.folder, 'runbook.yml');
    writeFileSync(book, PLAYBOOK);
    return programSession({
      ...{ site, hosts, id: 'ansible-playbook', env: settings(site) },
      script: `ansible-playbook -i ${hosts.join(',')}, -f ${hosts.length} ${book}`,
      // It keeps what the tasks print to itself, and counts what went well.
      missing: (output) => {
        const done = output.match(/ok=9 .*unreachable=0 .*failed=0/g)?.length ?? 0;
        return done === hosts.length ? [] : [`nine tasks: ${done} of ${hosts.length} hosts`];
      },
    });
  },
};

const PLAYBOOK = [
  '- hosts: all',
  '  gather_facts: false',
  '  tasks:',
  ...READS.flatMap(({ name, command }) => [
    `    - name: ${name}`,
    `      ansible.builtin.shell: ${JSON.stringify(command)}`,
    '      changed_when: false',
  ]),
  '',
].join('\n');
