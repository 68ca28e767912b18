import type { LabHost } from '../host.js';

/** Ends what the app is at, too. */
export const restart = (hosts: readonly LabHost[], unit: string): void =>
  hosts.forEach((host) => host.run('systemctl', 'restart', unit));
