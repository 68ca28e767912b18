type Address = { name: string; address: string };

/** Nothing answers here, and nothing says so: the neighbour's address is made up. */
export const BLACK_HOLE = { name: 'api-dead', address: '10.203.0.250' };

/** A service for each number of hosts, and one with a dead host among ten. */
export const inventoryText = (addresses: readonly Address[], database: string): string => {
  const living = addresses.map(({ name }) => name).filter((name) => name !== BLACK_HOLE.name);
  const services = living.map((_, index) =>
    service(`shop-${index + 1}`, living.slice(0, index + 1), database),
  );
  const withDead = service('shop-dead', [...living.slice(0, 9), BLACK_HOLE.name], database);
  return [
    'hosts:',
    ...addresses.map(({ name, address }) => `  ${name}: { address: "diag503@${address}" }`),
    'services:',
    ...services,
    withDead,
    '',
  ].join('\n');
};

const service = (name: string, hosts: readonly string[], database: string): string =>
  [
    `  ${name}:`,
    `    hosts: [${hosts.join(', ')}]`,
    '    unit: shop',
    '    health: http://localhost:8000/health/',
    '    database: { kind: postgres, url: "${SHOP_DB_URL}" }',
    `    dependencies: [{ name: cache, kind: redis, url: "redis://${database}:6379" }]`,
  ].join('\n');

/** For `ssh -F`, and for what starts `ssh`. */
export const sshConfigText = (addresses: readonly Address[], folder: string): string =>
  [
    ...addresses.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n  HostKeyAlias ${name}`),
    'Host *',
    '  User diag503',
    `  IdentityFile ${folder}/key`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${folder}/known_hosts`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    '  BatchMode yes',
    '',
  ].join('\n');
