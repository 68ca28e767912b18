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

/** Two requests a second to one page; behind the balancer all users are one client. */
export const limitRateOf = (host: LabHost, page: string): void =>
  addToNginx(host, [
    `location = ${page} {`,
    'limit_req zone=clients;',
    'proxy_set_header Host $host;',
    'proxy_pass http://127.0.0.1:8000;',
    '}',
  ]);

export function removeFromNginx(host: LabHost): void {
  host.run('rm', '-rf', '/etc/nginx/shop.d');
  reload(host);
  // What it wrote of this fault must not be read as part of the next.
  host.run('truncate', '-s', '0', '/var/log/nginx/error.log');
}

/** A file of its own beside the shop's server, for what cannot stand inside one: several servers under one name. */
export function addUpstream(host: LabHost, name: string, addresses: readonly string[]): void {
  const servers = addresses.map((address) => `server ${address};`);
  host.run(
    'sh',
    '-euc',
    `printf '%s\\n' "$1" >/etc/nginx/conf.d/lab-upstream.conf`,
    'sh',
    [`upstream ${name} {`, ...servers, '}'].join('\n'),
  );
}

/** After what uses it is gone. */
export function removeUpstream(host: LabHost): void {
  host.run('rm', '-f', '/etc/nginx/conf.d/lab-upstream.conf');
  reload(host);
}

/** The shop's server listens on another port from now on. */
export function listenOn(host: LabHost, port: number): void {
  host.sh(`sed -i 's/^  listen .*/  listen ${String(port)};/' /etc/nginx/conf.d/shop.conf`);
  reload(host);
}

/** The shop's server goes by another name from now on; whoever asks for any other name gets 404 of a server for the rest. */
export function renameServer(host: LabHost, name: string): void {
  host.sh(`sed -i 's/^  server_name .*/  server_name ${name};/' /etc/nginx/conf.d/shop.conf
    echo 'server { listen 80 default_server; return 404; }' >/etc/nginx/conf.d/lab-rest.conf`);
  reload(host);
}

export function nameServerBack(host: LabHost): void {
  host.sh(`sed -i 's/^  server_name .*/  server_name shop.lab.test;/' /etc/nginx/conf.d/shop.conf
    rm -f /etc/nginx/conf.d/lab-rest.conf`);
  reload(host);
}

const reload = (host: LabHost): void => {
  host.sh(`find /etc/nginx -exec touch -h -d '9 days ago' {} +; nginx -t -q; systemctl reload nginx`);
};
