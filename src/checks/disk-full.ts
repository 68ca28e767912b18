import type { FileSystem } from '../probes/disk-space.js';
import type { Service } from '../model/service.js';
import { countOf } from '../model/words.js';
import { defineHostCheck, type Quote } from './define-check.js';
import { formatBytes, hostNow, percent } from './host/clock.js';
import { isFresh, isOfRunBefore, saidRecently, type Said } from './host/said.js';

const NEARLY_ALL = 0.98;
/** On a file system of some size; a small one may never have had as much. */
const LITTLE_BYTES = 100 * 2 ** 20;
const SOME_SIZE_BYTES = 2 ** 30;
/** Not what Redis or PostgreSQL says of its own disk, which the app passes on: `MISCONF Errors writing to the AOF file: …`. */
const SAID =
  /(?<!\bMISCONF\b.*|could not (?:extend|create|write to) file "(?:base|global|pg_\w+)\/.*|could not (?:resize shared memory segment|write (?:to|block \d+ of) temporary file)\b.*)(?:No space left on device|ENOSPC|Disk quota exceeded)/i;
/** Where programs must be able to write. */
const WRITTEN = [
  '/',
  '/var',
  '/var/log',
  '/var/lib',
  '/tmp',
  '/var/tmp',
  '/run',
  '/srv',
  '/home',
  '/opt',
  '/dev/shm',
];

export const diskFull = defineHostCheck({
  id: 'disk-full',
  cause: 'overload',
  title: 'A file system is full',
  refutedBy: 'room on every file system, and no write refused of late',
  needs: ['diskSpace'],
  uses: ['unitJournal', 'unitState', 'hostClock'],

  evaluate({ diskSpace, unitJournal, unitState, hostClock }, { service, now }) {
    const nowMs = hostNow(hostClock, now);
    const full = diskSpace.fact.filter(
      (system) => isFull(system) && !/^\/(boot|snap|media)\b/.test(system.mount),
    );
    const heard = saidRecently(unitJournal, SAID, nowMs);
    // There is room now: what was said before is over.
    const isOn = isFresh(heard, nowMs) && !isOfRunBefore(heard, unitState);
    const said = full.length > 0 || isOn ? heard : undefined;
    const matters = full.some(({ mount }) => WRITTEN.includes(mount) || holdsRelease(mount, service));
    if (full.length === 0 && said === undefined)
      return { status: 'passed', summary: numbers(diskSpace.fact) };
    return {
      status: 'failed',
      confidence: said ? (full.length > 0 ? 'confirmed' : 'likely') : matters ? 'likely' : 'possible',
      summary: full.length > 0 ? full.map(describe).join('; ') : 'the service was told that no space is left',
      evidence: [
        ...(full.length > 0 ? [{ from: diskSpace, excerpt: full.map(linesOf).join('\n') }] : []),
        ...quotesOf(said),
      ],
      ...(said === undefined ? {} : { since: said.at }),
    };
  },
});

const quotesOf = (said: Said | undefined): Quote[] => (said === undefined ? [] : [said.quote]);

const linesOf = ({ line, inodesLine }: FileSystem): string =>
  [line, ...(inodesLine === null ? [] : [inodesLine])].join('\n');

function numbers(systems: readonly FileSystem[]): string {
  const fullest = [...systems].sort((a, b) => share(b) - share(a))[0];
  const most = fullest === undefined ? '' : `, most used: ${fullest.mount} at ${percent(share(fullest))}`;
  return `${countOf(systems.length, 'file system')}${most}`;
}

const share = ({ usedShare, inodesUsedShare }: FileSystem): number =>
  Math.max(usedShare, inodesUsedShare ?? 0);

const isFull = (system: FileSystem): boolean =>
  share(system) >= NEARLY_ALL ||
  (system.totalBytes >= SOME_SIZE_BYTES && system.availableBytes < LITTLE_BYTES);

function describe({ mount, availableBytes, usedShare, inodesUsedShare, inodesFree }: FileSystem): string {
  return inodesUsedShare !== null && inodesUsedShare >= NEARLY_ALL
    ? `${inodesFree ?? 0} inodes free on ${mount}`
    : `${formatBytes(availableBytes)} free on ${mount} (${percent(usedShare)} used)`;
}

const holdsRelease = (mount: string, { release }: Service): boolean =>
  release !== undefined &&
  !('command' in release) &&
  mount !== '/' &&
  ('link' in release ? release.link : release.gitDir).startsWith(`${mount}/`);
