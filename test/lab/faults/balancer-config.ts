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

/** The page that HAProxy shows instead of its own wherever it answers 503 itself. */
export function writeBalancerPage(lab: Lab, file: string, text: string): void {
  const page = ['HTTP/1.0 503 Service Unavailable', 'Cache-Control: no-cache', 'Content-Type: text/html'];
  const script = 'printf "%s" "$1" >"$2"; touch -d "9 days ago" "$2"';
  lab.host('lb-1').run('sh', '-euc', script, 'sh', [...page, '', text].join('\r\n'), file);
}

export const restoreBalancer = (lab: Lab): void => {
  lab
    .host('lb-1')
    .sh('cd /etc/haproxy; [ ! -e kept.cfg ] || { mv -f kept.cfg haproxy.cfg; systemctl reload haproxy; }');
};
