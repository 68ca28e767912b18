import type { LabHost } from '../host.js';

const FOLDER = '/root/.ansible/tmp/ansible-tmp-1795.42-7';

/** What Ansible leaves running on a host while its play restarts a service there: a module in Python. */
export function startDeployTool(host: LabHost): void {
  host.sh(`mkdir -p ${FOLDER}; echo 'import time; time.sleep(600)' >${FOLDER}/AnsiballZ_systemd.py`);
  host.start('/usr/bin/python3', `${FOLDER}/AnsiballZ_systemd.py`);
}

export const endDeployTool = (host: LabHost): void => {
  host.sh('pkill -f "[A]nsiballZ_systemd" || :; rm -rf /root/.ansible');
};
