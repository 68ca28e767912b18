import { createConnector } from '../clients/connector.js';
import type { HostConnector } from '../clients/host-connection.js';
import type { Env } from '../config/env.js';
import type { Inventory } from '../model/service.js';

/** The way to the hosts, as inventory and environment describe it; `standby` hosts stay logged in to. */
export function openConnector(
  { hosts }: Inventory,
  { ssh }: Pick<Env, 'ssh'>,
  standby: ReadonlySet<string> = new Set(),
): HostConnector {
  const { configPath, ...rest } = ssh;
  return createConnector({
    hosts,
    standby,
    ...rest,
    ...(configPath === undefined ? {} : { sshConfigPath: configPath }),
  });
}
