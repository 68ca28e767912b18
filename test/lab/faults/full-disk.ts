import type { LabHost } from '../host.js';

/** A file system of its own over a folder, with its files and owner, in which nothing more fits. */
export function fillDisk(host: LabHost, folder: string): void {
  host.sh(`
    owner=$(stat -c %u:%g ${folder}) mode=$(stat -c %a ${folder})
    mount -t tmpfs -o size=2m lab-disk ${folder}
    chown "$owner" ${folder}; chmod "$mode" ${folder}
    dd if=/dev/zero of=${folder}/old.log bs=64k 2>/dev/null || :`);
}

export const freeDisk = (host: LabHost, folder: string): void => {
  host.sh(`while grep -q ' ${folder} tmpfs' /proc/self/mounts; do umount -l ${folder}; done`);
};
