import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { linesOf, refusal } from './shell/refuse.js';

const FileSystem = z.object({
  mount: z.string().startsWith('/'),
  totalBytes: z.int().nonnegative(),
  availableBytes: z.int().nonnegative(),
  usedShare: z.number().min(0).max(1),
  /** Null where the file system counts no inodes (btrfs, vfat). */
  inodesUsedShare: z.number().min(0).max(1).nullable(),
  inodesFree: z.int().nonnegative().nullable(),
  line: z.string(),
  inodesLine: z.string().nullable(),
});
export type FileSystem = z.infer<typeof FileSystem>;

/** File systems that are full by design. */
const FULL_BY_DESIGN = /^(\/dev\/loop\S*|squashfs|iso9660|efivarfs|udev|devtmpfs)$/;

/** Local file systems only: `df` hangs on a dead NFS server. busybox knows no -l, and gets the two seconds below. */
export const diskSpace = defineHostProbe({
  id: 'disk-space',
  fact: z.array(FileSystem).min(1),
  runs: 'beside',
  timeoutSeconds: 2,
  source: () => 'df -Pkl; df -Pkli',
  script:
    () => `table=$(df -kl --output=source,size,used,avail,pcent,itotal,iused,iavail,ipcent,target 2>/dev/null)
if [ -n "$table" ]; then printf '%s\\n' "$table"; else
df -Pkl 2>/dev/null || df -Pk 2>/dev/null
echo inodes
df -Pkli 2>/dev/null || df -Pki 2>/dev/null
fi
:`,

  parse(output) {
    const lines = linesOf(output.stdout);
    const [spaceLines, inodeLines] = inTwo(lines);
    const inodes = new Map(rows(inodeLines).map((row) => [row.mount, row]));
    const systems = rows(spaceLines);
    if (systems.length === 0) throw refusal('df', output);
    return systems.map(({ mount, total, used, free, line }) => {
      const inode = inodes.get(mount);
      const counted = inode !== undefined && inode.total > 0;
      return {
        mount,
        totalBytes: total * 1024,
        availableBytes: free * 1024,
        // As df: what is reserved for root counts as gone.
        usedShare: used + free === 0 ? 0 : used / (used + free),
        inodesUsedShare: counted ? inode.used / inode.total : null,
        inodesFree: counted ? inode.free : null,
        line,
        inodesLine: counted ? inode.line : null,
      };
    });
  },
});

/** GNU df tells of space and inodes in one table, any other in two: here each line as `df -P` prints it. */
function inTwo(lines: string[]): [space: string[], inodes: string[]] {
  const split = lines.indexOf('inodes');
  if (split !== -1) return [lines.slice(0, split), lines.slice(split + 1)];
  const cells = lines.map((line) => /^(\S+)((?:\s+\S+){4})((?:\s+\S+){4})\s+(\/.*)$/.exec(line) ?? []);
  const table = (of: 2 | 3): string[] =>
    cells.map(({ 1: source, [of]: counts, 4: mount }) => `${source} ${counts?.trim()} ${mount}`);
  return [table(2), table(3)];
}

type Row = { mount: string; total: number; used: number; free: number; line: string };

function rows(lines: string[]): Row[] {
  return lines
    .map((line) => ({
      line,
      match: /^(\S+)\s+(\d+|-)\s+(\d+|-)\s+(-?\d+|-)\s+(?:\d+%|-)\s+(\/.*)$/.exec(line),
    }))
    .flatMap(({ line, match }) => {
      if (!match) return [];
      const [, device = '', total, used, free, mount = ''] = match;
      if (FULL_BY_DESIGN.test(device) || mount.startsWith('/snap/')) return [];
      const number = (text = '-'): number => (text === '-' ? 0 : Math.max(Number(text), 0));
      return [{ mount, total: number(total), used: number(used), free: number(free), line }];
    })
    .filter(({ total }) => total > 0);
}
