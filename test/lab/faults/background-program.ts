import type { LabHost } from '../host.js';

/** A program in Python of somebody else that goes on until it is ended. */
export const startProgram = (host: LabHost, unit: string, code: string): void => {
  const options = [`--unit=${unit}`, '--property=TimeoutStopSec=3'];
  host.run('systemd-run', '-q', '--collect', ...options, 'python3', '-c', code);
};

export const endProgram = (host: LabHost, unit: string): void => {
  host.sh(`systemctl stop ${unit} 2>/dev/null || :; systemctl reset-failed ${unit} 2>/dev/null || :`);
};
