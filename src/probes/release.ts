import { z } from 'zod';
import type { Release as ReleaseSetting, Service } from '../model/service.js';
import { ClientError } from '../model/client-error.js';
import { defineHostProbe, quote } from './define-probe.js';
import { findUnit } from './shell/find-unit.js';
import { JournalLine, parseEntries } from './shell/journal-lines.js';
import { linesOf, refusal } from './shell/refuse.js';
import { releaseBefore } from './shell/release-before.js';

/** What a roll-back by the link would lead from and to; `because`: why that is not certain. */
const Before = z.union([
  z.strictObject({
    from: z.string(),
    to: z.string(),
    /** When these folders were made on the host. */
    fromMadeAt: z.iso.datetime(),
    toMadeAt: z.iso.datetime(),
  }),
  z.strictObject({ because: z.string() }),
]);

const Release = z.object({
  /** Link target, commit, or what the command printed. */
  id: z.string().min(1),
  /** When it became the current one; null where that cannot be told. */
  changedAt: z.iso.datetime().nullable(),
  lines: z.array(z.string()),
  /** What the service manager said of the unit around that time, oldest first; empty where its journal may not be read. */
  around: z.array(JournalLine).default([]),
  /** Left out: the inventory asks for no roll-back by the link. */
  before: Before.optional(),
});
export type Release = z.infer<typeof Release>;

export const release = defineHostProbe({
  id: 'release',
  fact: Release,
  // Only a command of the inventory's may print without end, or wait.
  runs: ({ release: setting }) => (setting !== undefined && 'command' in setting ? 'apart' : 'beside'),
  applies: (service) => service.release !== undefined,
  source: ({ release: setting }) => (setting === undefined ? '' : sourceOf(setting)),
  script: (service) =>
    service.release === undefined
      ? ''
      : `${scriptOf(service.release)}${before(service)}${aroundChange(service)}`,

  parse(output, service) {
    const [all = ''] = output.stdout.split(BEFORE);
    const [own = '', rollBack] = all.split(ROLL_BACK);
    const lines = linesOf(own);
    const id = (/^id (.+)$/m.exec(own) ?? LINK.exec(own))?.[1];
    const changed = /^(?:changed|link) (\d+)/m.exec(own)?.[1];
    if (id === undefined || output.exitCode !== 0) throw unread(output, service.release);
    return {
      id: id.trim(),
      changedAt: changed === undefined ? null : new Date(Number(changed) * 1000).toISOString(),
      lines,
      around: aroundOf(output.stdout),
      ...(rollBack === undefined ? {} : { before: beforeOf(rollBack) }),
    };
  },
});

/** `stat -c %N`, which puts names into quotes as a shell wants them. */
const LINK = /^link \d+ .* -> ['"]?(.+?)['"]?$/m;
const ROLL_BACK = '--- the release before';
const BEFORE = '--- journal before the change';
const AFTER = '--- journal after the change';
/** An older release is not the news; this is how far back the unit's journal is read, too. */
const NEWS_SECONDS = 24 * 3600;

/**
 * A unit that has crashed for an hour has pushed the beginning out of its newest lines. It is the moments around the
 * change that tell whether the release before ran, and how the first run of this one ended.
 */
function aroundChange(service: Service): string {
  if (service.unit === undefined) return '';
  const journal = `journalctl -u "$unit" _PID=1 --no-pager -q -o short-iso-precise`;
  return `
[ -n "$changed" ] && [ $(($(date +%s) - changed)) -lt ${NEWS_SECONDS} ] || exit 0
${findUnit(service)}
echo "${BEFORE}"
${journal} --until="@$changed" -r -n 20 2>/dev/null
echo "${AFTER}"
${journal} --since="@$changed" 2>/dev/null | head -n 30
:`;
}

function aroundOf(stdout: string): JournalLine[] {
  const [, rest = ''] = stdout.split(BEFORE);
  const [before = '', after = ''] = rest.split(AFTER);
  return [...parseEntries(linesOf(before)).toReversed(), ...parseEntries(linesOf(after))];
}

/** In a shell of its own: why it can not be told is no reason not to read the rest. */
function before({ release: setting, remediations }: Service): string {
  const releases = remediations['roll-back']?.releases;
  if (releases === undefined || setting === undefined || !('link' in setting)) return '';
  return `
echo "${ROLL_BACK}"
(
because() { echo "because $*"; exit; }
${releaseBefore({ link: setting.link, releases })}
echo "from $own_born $from"
echo "to $made $to"
)`;
}

function beforeOf(text: string): z.input<typeof Before> {
  const said = (key: string) => new RegExp(`^${key} (?:(\\d+) )?(.+)$`, 'm').exec(text);
  const [from, to] = [said('from'), said('to')];
  if (!from?.[1] || !from[2] || !to?.[1] || !to[2])
    return { because: said('because')?.[2] ?? 'the folder of the releases could not be read' };
  const at = (seconds: string): string => new Date(Number(seconds) * 1000).toISOString();
  return { from: from[2], to: to[2], fromMadeAt: at(from[1]), toMadeAt: at(to[1]) };
}

function sourceOf(setting: ReleaseSetting): string {
  if ('link' in setting) return `ls -l ${quote(setting.link)}`;
  if ('gitDir' in setting) return `git -C ${quote(setting.gitDir)} log -g -1`;
  return setting.command.map(quote).join(' ');
}

function scriptOf(setting: ReleaseSetting): string {
  if ('link' in setting) {
    const link = quote(setting.link);
    return `[ -L ${link} ] || { echo "not a link"; exit 1; }
changed=$(stat -c '%Y %N' ${link})
echo "link $changed"
changed=\${changed%% *}`;
  }
  if ('gitDir' in setting) return readGit(setting.gitDir);
  return `answer=$(${setting.command.map(quote).join(' ')} 2>&1) || { echo "$answer" | head -n 3; exit 1; }
echo "id $(echo "$answer" | head -n 1 | head -c 200)"
changed=`;
}

/**
 * Reads git's files instead of running it: git refuses a folder of another login ("dubious ownership").
 * The last line of logs/HEAD tells when this host moved to the commit, which is what a deployment is.
 */
const readGit = (gitDir: string): string => `dir=${quote(gitDir)}
[ -d "$dir/.git" ] && dir=$dir/.git
{ read -r head <"$dir/HEAD"; } 2>/dev/null || exit 1
case $head in
'ref: '*..*) exit 1;;
'ref: '*)
  ref=\${head#ref: }; head=
  [ -r "$dir/$ref" ] && read -r head <"$dir/$ref"
  [ -n "$head" ] || head=$(grep -s " $ref\\$" "$dir/packed-refs") && head=\${head%% *};;
esac
case $head in ''|*[!0-9a-f]*) exit 1;; esac
echo "id $head"
moved=$(tail -n 1 "$dir/logs/HEAD" 2>/dev/null)
moved=\${moved%%	*}; moved=\${moved% *}; moved=\${moved##* }
changed=\${moved:-$(stat -c %Y "$dir/HEAD")}
echo "changed $changed"`;

function unread(
  output: { stdout: string; exitCode: number },
  setting: ReleaseSetting | undefined,
): ClientError {
  if (setting !== undefined && !('command' in setting)) {
    const path = 'link' in setting ? setting.link : setting.gitDir;
    return new ClientError(
      'malformed',
      `${path}: cannot read a release there; is the path of \`release\` right?`,
    );
  }
  return refusal('release command', output);
}
