import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { release } from '../../src/probes/release.js';
import { rollBackScript } from '../../src/remediations/roll-back-program.js';
import { RemediationRule, type Service } from '../../src/model/service.js';
import { service as serviceOf } from '../helpers/service.js';
import { findProgram } from '../servers/require-server.js';

/** When a folder was made is told in seconds, so three releases take two of them. */
const APART_MS = 1_100;

const SHELLS = [
  ['dash', ['dash']],
  ['bash', ['bash', '--posix']],
  ['busybox', ['busybox', 'sh']],
] as const;

describe.each(SHELLS)('the release before, by %s', (_name, shell) => {
  const [program, ...args] = shell;
  const present = findProgram(program) !== null;
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-releases-'));
  const releases = path.join(folder, 'releases');
  const link = path.join(folder, 'current');
  const at = (name: string): string => path.join(releases, name);
  const linkTo = (target: string): void => {
    rmSync(link, { force: true });
    symlinkSync(target, link);
  };
  const service: Service = serviceOf('shop', {
    unit: 'shop',
    release: { link },
    remediations: { 'roll-back': RemediationRule.parse({ allow: ['operator'], releases }) },
  });
  const look = () => {
    // Only its own part: the unit's journal is another matter.
    const script = release.script({ ...service, unit: undefined });
    const { stdout, status } = spawnSync(findProgram(program)!, [...args, '-c', script], {
      encoding: 'utf8',
    });
    return release.parse({ stdout, exitCode: status ?? 1 }, service).before;
  };
  const rollBack = (confirmed: string, more: string[] = []) => {
    const script = rollBackScript({ link, releases });
    const { stdout, status } = spawnSync(
      findProgram(program)!,
      [...args, '-c', script, 'roll-back', ...more],
      {
        encoding: 'utf8',
        input: `${confirmed}\n`,
      },
    );
    return { said: stdout.trim(), status, leadsTo: readlinkSync(link) };
  };

  beforeAll(async () => {
    mkdirSync(releases);
    for (const [index, name] of ['r9', 'r10', 'r11'].entries()) {
      if (index > 0) await sleep(APART_MS);
      mkdirSync(at(name));
    }
    writeFileSync(at('notes.txt'), 'no folder');
    symlinkSync('r9', at('stable'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => linkTo('releases/r11'));

  it.skipIf(!present)('is the one that was made last before the one that runs, whatever its name', () => {
    expect(look()).toMatchObject({ from: at('r11'), to: at('r10') });
    linkTo(at('r10'));
    expect(look()).toMatchObject({ from: at('r10'), to: at('r9') });
  });

  it.skipIf(!present)('is not told where it is not certain', () => {
    linkTo('releases/r9');
    expect(look()).toMatchObject({ because: expect.stringContaining('no release older than') as string });
    linkTo('releases/gone');
    expect(look()).toMatchObject({ because: expect.stringContaining('gone is not there') as string });
    linkTo('releases/stable');
    expect(look()).toMatchObject({ because: expect.stringContaining('leads to') as string });
    linkTo(tmpdir());
    expect(look()).toMatchObject({ because: expect.stringContaining('is no folder of') as string });
  });

  it.skipIf(!present)('is not told where an older one was written in since: it ran again', () => {
    const soon = Date.now() / 1000 + 60;
    utimesSync(at('r9'), soon, soon);
    expect(look()).toMatchObject({
      because: expect.stringContaining('the last one that was written in') as string,
    });
    utimesSync(at('r9'), 1, 1);
    expect(look()).toMatchObject({ to: at('r10') });
  });

  it.skipIf(!present)('is not told beside a name that is no release', () => {
    mkdirSync(at('r1 $(id)'));
    expect(look()).toMatchObject({ because: expect.stringContaining("no release's") as string });
    rmSync(at('r1 $(id)'), { recursive: true });
  });

  it.skipIf(!present)(
    'is linked when it is the pair that was confirmed, in the way the link was written',
    () => {
      expect(rollBack(`${at('r11')} ${at('r10')}`)).toMatchObject({ status: 0, leadsTo: 'releases/r10' });
      linkTo(at('r11'));
      expect(rollBack(`${at('r11')} ${at('r10')}`)).toMatchObject({ status: 0, leadsTo: at('r10') });
    },
  );

  it.skipIf(!present).each([
    ['another release', (own: typeof at) => `${own('r11')} ${own('r9')}`],
    ['the other way round', (own: typeof at) => `${own('r10')} ${own('r11')}`],
    ['a shell', (own: typeof at) => `${own('r11')} ${own('r10')}; id`],
    ['nothing', () => ''],
  ])('changes nothing when it reads %s', (_what, confirmed) => {
    expect(rollBack(confirmed(at))).toMatchObject({ status: 75, leadsTo: 'releases/r11' });
  });

  it.skipIf(!present)(
    'changes nothing with an argument, and twice goes no further back than was confirmed',
    () => {
      const pair = `${at('r11')} ${at('r10')}`;
      expect(rollBack(pair, ['--force'])).toMatchObject({ status: 75, leadsTo: 'releases/r11' });
      expect(rollBack(pair)).toMatchObject({ status: 0, leadsTo: 'releases/r10' });
      expect(rollBack(pair)).toMatchObject({ status: 75, leadsTo: 'releases/r10' });
    },
  );

  it.skipIf(!present)('is linked although a crash has left its new link behind', () => {
    symlinkSync('releases/r9', `${link}.diag503`);
    expect(rollBack(`${at('r11')} ${at('r10')}`)).toMatchObject({ status: 0, leadsTo: 'releases/r10' });
  });
});
