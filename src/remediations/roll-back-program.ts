import { PlainPath } from '../model/paths.js';
import type { Service } from '../model/service.js';
import { releaseBefore, type ReleaseLink } from '../probes/shell/release-before.js';

/** Nothing was changed: the pair that was confirmed is not the one that is there. */
const REFUSED = 75;

/** Where it stands on the hosts: in a folder of root's, so that its sudoers line means these words and no others. */
export const rollBackProgram = ({ name }: Pick<Service, 'name'>): string =>
  PlainPath.parse(`/usr/local/lib/diag503/roll-back-${name}`);

/** Null: the inventory asks for no roll-back by the link. */
export function releaseLinkOf({ release, remediations }: Service): ReleaseLink | null {
  const releases = remediations['roll-back']?.releases;
  if (releases === undefined || release === undefined || !('link' in release)) return null;
  return { link: release.link, releases };
}

/**
 * The program that `diag503 grant` prints. Link and folder stand in it, it takes no arguments, and it finds the release
 * before by itself: whoever may run it can ask for nothing but that. What it reads can only make it refuse: the pair
 * that a human has confirmed. No empty line: the parts of `grant` are told apart by them.
 */
export const rollBackScript = (where: ReleaseLink): string => `#!/bin/sh
# Of diag503: leads the link of the releases to the release before. Reads the two that were confirmed, and refuses others.
PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
umask 022
because() { echo "nothing was changed: $*"; exit ${REFUSED}; }
[ $# = 0 ] || because 'it takes no arguments'
${releaseBefore(where)}
IFS= read -r confirmed
[ "$confirmed" = "$from $to" ] || because "it would lead from $from to $to, and that is not what was confirmed"
new=$link.diag503
rm -f -- "$new" || exit
case $raw in */*) raw=\${raw%/*}/\${to##*/};; *) raw=\${to##*/};; esac
ln -sT -- "$raw" "$new" && mv -T -- "$new" "$link" || exit
sync "\${link%/*}" 2>/dev/null
echo "$link leads to $to"`;
