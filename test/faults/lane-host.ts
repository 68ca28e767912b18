import { chmodSync } from 'node:fs';
import { findProgram } from '../servers/require-server.js';
import { startSshd } from '../servers/sshd.js';
import { type HostPrograms, writeHostPrograms } from './host-programs.js';

/** Where the services of a lane run, and how its workers get there. */
export type LaneHost = {
  programs: HostPrograms;
  /** `hosts:` of the inventory. */
  inventory: string;
  /** Of a service. */
  hostOf(service: string): string;
  /** Of the workers' machine, as the host sees it. */
  address?: string;
  env?: Record<string, string>;
  powerCycle?: () => Promise<void>;
  close(): Promise<void>;
};

const OVER_SSH = 'over-ssh';

/** Every second one, so that each phase meets both ways. */
export const isOverSsh = (service: string): boolean => Number(service.replace(/\D/g, '')) % 2 === 1;

/** `ahead`: comes first in the PATH. This machine: half of its services `local`, half over a real sshd that is the same host to them. */
export async function startSshHost(folder: string, ahead?: string): Promise<LaneHost> {
  const programs = writeHostPrograms(folder);
  if (findProgram('sshd') === null) {
    console.log('without sshd: every service is local');
    return { programs, inventory: '', hostOf: () => 'local', close: () => Promise.resolve() };
  }
  const path = [ahead, programs.bin, process.env['PATH'] ?? '/usr/bin:/bin'].filter(Boolean).join(':');
  const sshd = await startSshd({
    config: [`SetEnv HOME=${folder} PATH=${path}`, 'MaxStartups 100', 'MaxSessions 100'],
  });
  chmodSync(sshd.identityFile, 0o600);
  const access = {
    address: `${sshd.user}@127.0.0.1:${sshd.port}`,
    hostKey: sshd.fingerprint('ed25519'),
    identityFile: sshd.identityFile,
  };
  return {
    programs,
    inventory: `hosts:\n  ${OVER_SSH}: ${JSON.stringify(access)}\n`,
    hostOf: (service) => (isOverSsh(service) ? OVER_SSH : 'local'),
    close: sshd.stop,
  };
}
