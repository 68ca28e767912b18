import type { LabHost } from '../host.js';

/** Lines inside the shop's `location /`, in force after a reload, as old as the rest of the configuration. */
export function addToNginx(host: LabHost, lines: readonly string[]): void {
  host.run(
    'sh',
    '-euc',
    `mkdir -p /etc/nginx/shop.d; printf '%s\\n' "$1" >/etc/nginx/shop.d/lab.conf`,
    'sh',
    lines.join('\n'),
  );
  reload(host);
}

export function removeFromNginx(host: LabHost): void {
  host.run('rm', '-rf', '/etc/nginx/shop.d');
  reload(host);
}

const reload = (host: LabHost): void => {
  host.sh(`find /etc/nginx -exec touch -h -d '9 days ago' {} +; nginx -t -q; systemctl reload nginx`);
};
