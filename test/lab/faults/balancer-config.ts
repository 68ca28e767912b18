import type { Lab } from '../lab.js';

/** Changes the balancer's configuration by a sed expression and reloads it. */
export function changeBalancer(lab: Lab, edit: string): void {
  lab.host('lb-1').run(
    'sh',
    '-euc',
    `cd /etc/haproxy; [ -e kept.cfg ] || cp -p haproxy.cfg kept.cfg
     sed -i "$1" haproxy.cfg; touch -r kept.cfg haproxy.cfg; systemctl reload haproxy`,
    'sh',
    edit,
  );
}

export const restoreBalancer = (lab: Lab): void => {
  lab
    .host('lb-1')
    .sh('cd /etc/haproxy; [ ! -e kept.cfg ] || { mv -f kept.cfg haproxy.cfg; systemctl reload haproxy; }');
};
