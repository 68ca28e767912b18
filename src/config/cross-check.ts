import { alertProblems } from './alert-check.js';
import type { Problem } from './explain-issue.js';
import type { InventoryFile } from './inventory-schema.js';
import { didYouMean } from './nearest.js';
import { remediationProblems } from './remediation-check.js';

/** What no single value shows: names used twice, references to nothing, jumps in a circle. */
export function crossCheck({ services, hosts, roles }: InventoryFile): Problem[] {
  const perService = Object.entries(services).flatMap(([name, service]) => [
    ...repeated(service.hosts).map((index) => ({
      path: ['services', name, 'hosts', index],
      message: `${service.hosts[index] ?? 'this host'} is listed twice`,
    })),
    ...dependencyNames(name, service),
    ...remediationProblems(name, service, roles),
  ]);
  const none = Object.keys(services).length === 0;
  const empty: Problem[] = none
    ? [{ path: ['services'], message: 'names no service; add at least one' }]
    : [];
  return [
    ...empty,
    ...perService,
    ...alertProblems(services),
    ...hostEntries(services, hosts),
    ...ports(services, hosts),
  ];
}

function dependencyNames(
  name: string,
  { dependencies, database }: InventoryFile['services'][string],
): Problem[] {
  const names = dependencies.map((dependency) => dependency.name);
  const twice = repeated(names).map((index) => ({
    path: ['services', name, 'dependencies', index, 'name'],
    message: `a second dependency named ${names[index] ?? ''}; names must differ`,
  }));
  const taken = database === undefined ? -1 : names.indexOf('database');
  if (taken < 0) return twice;
  const message = "database is the name of the service's own `database`; choose another";
  return [...twice, { path: ['services', name, 'dependencies', taken, 'name'], message }];
}

function hostEntries(services: InventoryFile['services'], hosts: InventoryFile['hosts']): Problem[] {
  const used = new Set([
    ...Object.values(services).flatMap(({ hosts: own, balancer }) => [
      ...own,
      ...(balancer?.host ? [balancer.host] : []),
    ]),
    ...Object.values(hosts).flatMap(({ jump }) => (jump === undefined ? [] : [jump])),
  ]);
  return Object.keys(hosts).flatMap((name) => {
    if (name === 'local')
      return [{ path: ['hosts', name], message: '`local` is this machine and needs no access' }];
    if (circular(name, hosts)) return [{ path: ['hosts', name, 'jump'], message: 'jumps in a circle' }];
    const meant = used.has(name) ? '' : didYouMean(name, used);
    return meant === '' ? [] : [{ path: ['hosts', name], message: `no service uses this host;${meant}` }];
  });
}

function circular(start: string, hosts: InventoryFile['hosts']): boolean {
  const seen = new Set<string>();
  for (let name = hosts[start]?.jump; name !== undefined && !seen.has(name); name = hosts[name]?.jump) {
    if (name === start) return true;
    seen.add(name);
  }
  return false;
}

function ports(services: InventoryFile['services'], hosts: InventoryFile['hosts']): Problem[] {
  const names: [Problem['path'], string | undefined][] = [
    ...Object.entries(services).flatMap(([name, service]) => [
      ...service.hosts.map((host, index): [Problem['path'], string] => [
        ['services', name, 'hosts', index],
        host,
      ]),
      [['services', name, 'balancer', 'host'], service.balancer?.host] as [
        Problem['path'],
        string | undefined,
      ],
    ]),
    ...Object.entries(hosts).flatMap(([name, { address, jump }]): [Problem['path'], string | undefined][] => [
      [['hosts', name, 'address'], address],
      [['hosts', name, 'jump'], jump],
    ]),
  ];
  return names.flatMap(([path, name]) => {
    const port = /:(\d+)$/.exec(name ?? '')?.[1];
    const valid = port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
    return valid ? [] : [{ path, message: `port ${port} is not between 1 and 65535` }];
  });
}

const repeated = (values: readonly string[]): number[] =>
  values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
