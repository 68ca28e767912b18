import { Command } from 'commander';
import { readEnv, type RawEnv } from '../config/env.js';
import { loadInventory } from '../config/inventory.js';
import type { Inventory, Service } from '../model/service.js';
import { countOf } from '../model/words.js';

export const inventoryCommand = (raw: RawEnv): Command =>
  new Command('inventory').description('look at the inventory').addCommand(
    new Command('check')
      .description('check the inventory and print what was understood')
      .argument('[file]', 'the inventory (default: DIAG503_INVENTORY or services.yaml)')
      .action((file: string | undefined) => {
        const path = file ?? readEnv(raw, 'inventory').inventoryPath;
        process.stdout.write(renderInventory(path, loadInventory(path, raw)));
      }),
  );

export function renderInventory(path: string, { services }: Inventory): string {
  const head = `${path}: ${countOf(services.size, 'service')}, no errors`;
  return `${[head, ...[...services.values()].map(renderService)].join('\n\n')}\n`;
}

/** What will be looked at, and what will not be and why: the place to notice a forgotten line. */
function renderService(service: Service): string {
  const { name, title, hosts, unit, health, url, channel, balancer, proxy, database, dependencies, release } =
    service;
  const rows: [string, string][] = [
    ['hosts', hosts.join(', ')],
    ['unit', unit ?? 'whoever listens on the port of the health URL'],
    ['health', health],
    ['url', url ?? 'not set: what users get is not asked'],
    ['channel', channel ?? 'the channel where it is asked'],
    ['balancer', balancer ? `${balancer.kind}, pool ${balancer.pool}` : 'not set'],
    ['proxy', proxy ? `${proxy.kind}, ${proxy.errorLog}` : 'not set'],
    ['database', database ? withoutCredentials(database.url) : 'not set'],
    ['dependencies', dependencies.map((each) => `${each.name} (${each.kind})`).join(', ') || 'none'],
    ['release', release ? Object.keys(release).join() : 'not set: a change of release is not noticed'],
    ['alerts', alertWords(service)],
    ['deadline', `${service.deadlineSeconds} s`],
  ];
  const head = title === name ? name : `${name} (${title})`;
  return [head, ...rows.map(([key, value]) => `  ${key.padEnd(14)}${value}`)].join('\n');
}

const alertWords = ({ name, alerts }: Service): string => {
  if (alerts === undefined) return `those with the label service=${name}`;
  const matchers = [alerts.match].flat().map((labels) =>
    Object.entries(labels)
      .map(([label, value]) => `${label}=${value}`)
      .join(' and '),
  );
  return `those with ${matchers.join(', or ')}`;
};

function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  parsed.search = '';
  return parsed.href;
}
