import { spawnSync } from 'node:child_process';
import { commandLine, environment } from '../diagnose.js';
import type { Lab } from '../lab.js';
import type { Treatment } from './treatment.js';

/** Installs what `diag503 grant` prints, word for word, and asks `grant --check` whether that is all. */
export function installGrants(lab: Lab, inventory: string, services: readonly Treatment['service'][]): void {
  const printed = services.map((service) => grant(inventory, service));
  const sudoers = printed.flatMap((text) => partAfter(text, '# /etc/sudoers.d/diag503'));
  for (const host of lab.web) {
    host.run('install', '-d', '-o', 'diag503', '-g', 'diag503', '-m', '0700', '/var/lib/diag503/actions');
    host.run('sh', '-euc', WRITE_SUDOERS, 'sh', [...new Set(sudoers)].join('\n'));
  }
  for (const text of printed) installProgram(lab, text);
  for (const [index, service] of services.entries()) {
    const sql = partAfter(printed[index] ?? '', '-- PostgreSQL').join('\n');
    const psql = 'printf "%s" "$2" | runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 -d "$1"';
    if (sql !== '') lab.host('db-1').run('sh', '-euc', psql, 'sh', service, sql);
  }
  // The lab's own socket line, at the level that is printed.
  lab
    .host('lb-1')
    .sh(`sed -i 's/level operator/level admin/' /etc/haproxy/haproxy.cfg; systemctl restart haproxy`);
}

/** As its line says: it and its folder are root's. */
function installProgram({ web }: Lab, printed: string): void {
  const part = printed.split('\n\n').find((each) => each.startsWith('# /usr/local/lib/diag503/'));
  const [, program] = /^# (\S+), mode 0755/.exec(part ?? '') ?? [];
  if (part === undefined || program === undefined) return;
  const text = part.split('\n').slice(1).join('\n');
  for (const host of web) {
    host.run('install', '-d', '-m', '0755', '/usr/local/lib/diag503');
    host.run('sh', '-euc', 'printf "%s\\n" "$1" >"$2"; chmod 755 "$2"', 'sh', text.trimEnd(), program);
  }
}

const WRITE_SUDOERS = `printf '%s\\n' "$1" >/etc/sudoers.d/diag503; chmod 440 /etc/sudoers.d/diag503
visudo -cqf /etc/sudoers.d/diag503`;

function grant(inventory: string, ...args: string[]): string {
  const [program = '', ...command] = commandLine('grant', ...args);
  const { stdout, stderr, status } = spawnSync(program, [...command, '--inventory', inventory], {
    encoding: 'utf8',
    env: { ...process.env, ...environment() },
  });
  if (status !== 0)
    throw new Error(`diag503 grant ${args.join(' ')} ended with ${String(status)}: ${stderr}${stdout}`);
  return stdout;
}

/** What it says of one place, without the line that names it. */
function partAfter(text: string, begins: string): string[] {
  const part = text.split('\n\n').find((each) => each.startsWith(begins));
  return part?.split('\n').slice(1) ?? [];
}

/** Throws where a host allows more, or less, than the changes need. */
export const checkGrants = (inventory: string, service: string, hosts: readonly string[]): void =>
  hosts.forEach((host) => console.log(grant(inventory, service, '--check', host).trim()));
