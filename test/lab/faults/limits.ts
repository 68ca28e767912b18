import type { LabHost } from '../host.js';

/** Holds a unit that runs to a limit of its control group, as `MemoryMax=` and the like in its file would. */
export const limitUnit = (host: LabHost, unit: string, ...limits: readonly string[]): void => {
  host.run('systemctl', 'set-property', '--runtime', `${unit}.service`, ...limits);
};

/** The files go, and what they set: a group keeps its limits until it is told otherwise. */
export const unlimitUnit = (host: LabHost, unit: string): void => {
  host.run(
    'systemctl',
    'set-property',
    '--runtime',
    `${unit}.service`,
    'MemoryMax=',
    'CPUQuota=',
    'TasksMax=infinity',
  );
  host.sh(`rm -rf /run/systemd/system.control/${unit}.service.d; systemctl daemon-reload`);
};

/** Holds every process of the unit to so many open files; its own login may, whatever this machine lets root do. */
export const limitFiles = (host: LabHost, unit: string, files: number): void => {
  host.sh(`user=$(systemctl show -P User ${unit})
    for pid in $(cat /sys/fs/cgroup/systemd/system.slice/${unit}.service/cgroup.procs); do
      setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups \
        prlimit --pid "$pid" --nofile=${String(files)}:${String(files)}; done`);
};
