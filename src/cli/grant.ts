import { Command } from 'commander';
import type { RawEnv } from '../config/env.js';
import { readConfig } from '../config/read-config.js';
import { postgresAddress } from '../clients/postgres-address.js';
import type { Service } from '../model/service.js';
import { endSessionsFunction } from '../remediations/sql/end-idle-sessions.js';
import { releaseLinkOf, rollBackProgram, rollBackScript } from '../remediations/roll-back-program.js';
import { commandsAsRoot, sudoersCommand } from '../remediations/sudoers.js';
import { checkGrant } from './check-grant.js';
import { EXIT, UsageError } from './exit-codes.js';
import { findService } from './find-service.js';

type Options = { inventory?: string; check?: string };

export const grantCommand = (raw: RawEnv): Command =>
  new Command('grant')
    .description('print what to install so that the changes of a service can be made, and nothing else')
    .argument('<service>', 'name of the service in the inventory')
    .option('-i, --inventory <file>', 'the inventory (default: DIAG503_INVENTORY or services.yaml)')
    .option('--check <host>', 'log in to this host and compare what the login may do with what it should')
    .action(async (name: string, options: Options) => {
      process.exitCode = await grant(raw, name, options);
    });

async function grant(raw: RawEnv, name: string, { inventory: path, check }: Options): Promise<number> {
  const { env, inventory } = readConfig(raw, 'grant', path);
  const service = findService(inventory, name);
  if (check === undefined) {
    process.stdout.write(renderGrant(service));
    return EXIT.healthy;
  }
  if (!service.hosts.includes(check))
    throw new UsageError(`${check} is no host of ${name}; it has ${service.hosts.join(', ')}`);
  const { openConnector } = await import('./open-connector.js');
  const connector = openConnector(inventory, env);
  try {
    const others = [...inventory.services.values()].filter(
      (other) => other.name !== name && other.hosts.includes(check),
    );
    const { lines, good } = await checkGrant(service, check, { connector, others });
    process.stdout.write(`${lines.join('\n')}\n`);
    return good ? EXIT.healthy : EXIT.data;
  } finally {
    await connector.closeAll();
  }
}

/** Nothing in it is a wildcard, and nothing is there for a change that the inventory does not name. */
export function renderGrant(service: Service): string {
  const parts = [
    accounts(service),
    sudoers(service),
    rollBack(service),
    database(service),
    balancer(service),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const accounts = ({ name, hosts }: Service): string => `# ${name}: on each of ${hosts.join(', ')}
useradd --system --create-home --shell /bin/sh --groups systemd-journal diag503
install -d -o diag503 -g diag503 -m 0700 /var/lib/diag503 /var/lib/diag503/actions

# ~diag503/.ssh/authorized_keys; from= is the address of the worker
restrict,port-forwarding,from="ADDRESS-OF-THE-WORKER" ssh-ed25519 KEY diag503`;

function sudoers(service: Service): string {
  const commands = commandsAsRoot(service);
  if (commands.length === 0) return '# No sudo: none of its changes is made as root.';
  const lines = [...new Set(commands.map(sudoersCommand))].map(
    (command) => `diag503 ALL=(root:root) NOPASSWD: ${command}`,
  );
  return [
    '# /etc/sudoers.d/diag503, mode 0440; try it with: visudo -cf FILE',
    'Defaults:diag503 env_reset, !setenv, timestamp_timeout=0, passwd_tries=0, !lecture, secure_path="/usr/sbin:/usr/bin:/sbin:/bin"',
    ...lines,
  ].join('\n');
}

/** Its sudoers line is exact although releases have ever new names: which one is before, the program finds by itself. */
function rollBack(service: Service): string {
  const where = releaseLinkOf(service);
  if (where === null) return '';
  return `# ${rollBackProgram(service)}, mode 0755, it and its folder of root's: install -d -m 0755 /usr/local/lib/diag503
${rollBackScript(where)}`;
}

function database({ database: own, remediations }: Service): string {
  const rule = remediations['end-idle-sessions'];
  if (own === undefined || rule === undefined) return '';
  const { user, database: name } = postgresAddress(own.url);
  return `-- PostgreSQL, in database ${name}, as an administrator
${endSessionsFunction(user, rule)}`;
}

function balancer({ balancer: own, remediations }: Service): string {
  const needed = ['drain-host', 'restore-host', 'restart-service'] as const;
  if (own?.socket === undefined || !needed.some((id) => remediations[id] !== undefined)) return '';
  return `# haproxy.cfg on ${own.host ?? 'the balancer'}; \`user\` is enough for looking, setting members needs \`admin\`
stats socket ${own.socket} mode 660 group diag503 level admin`;
}
