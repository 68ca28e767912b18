import { quote } from '../define-probe.js';

/** What a roll-back by the link is made of: both stand in the inventory. */
export type ReleaseLink = { link: string; releases: string };

/**
 * Sets `from` to the folder that the link leads to, and `to` to the release before it; calls `because` with the reason
 * where that is not certain. For dash, bash and busybox. The probe that plans a roll-back and the program that makes it
 * both run these lines, so that they can not mean different releases.
 *
 * "Before" is by the time at which the folder was made on this host, which no later write changes. The last change of
 * its entries has to agree: it does not where an older release ran again since, and then the newest may be the one that
 * was given up.
 */
export const releaseBefore = ({ link, releases }: ReleaseLink): string => `link=${quote(link)}
raw=$(readlink "$link") || because "$link is not a link"
raw=\${raw%/}
home=$(readlink -f ${quote(releases)}) || because ${quote(`${releases} is not there`)}
from=$(readlink -f "$link") || because "$link leads nowhere"
own=\${from##*/}
[ "$from" = "$home/$own" ] && [ "\${raw##*/}" = "$own" ] || because "$link leads to $from, and that is no folder of $home"
[ -d "$from" ] || because "$from is not there, and so what was before it can not be told"
case $own in ''|[!A-Za-z0-9]*|*[!A-Za-z0-9._+-]*) because "$from has a name that is no release's";; esac
newest() {
made=0 twins= to= when=0 changed=0 last=
while read -r mode born touched folder; do
  name=\${folder##*/}
  case $mode in 4???) ;; *) continue;; esac
  case $name in ''|[!A-Za-z0-9]*|*[!A-Za-z0-9._+-]*) because "$folder has a name that is no release's";; esac
  case $born in ''|0|*[!0-9]*) because "this file system does not tell when $folder was made";; esac
  [ "$name" != "$own" ] || continue
  [ "$born" -lt "$own_born" ] || continue
  [ "$born" != "$made" ] || twins=$folder
  [ "$born" -le "$made" ] || { made=$born when=$touched to=$folder twins=; }
  [ "$touched" -le "$changed" ] || { changed=$touched last=$folder; }
done
[ -n "$to" ] || because "there is no release older than $from in $home"
[ -z "$twins" ] || because "$to and $twins were made at the same moment"
[ "$when" -ge "$changed" ] || because "the newest before $from is $to, and the last one that was written in is $last"
}
own_born=$(stat -c %W "$from" 2>/dev/null)
case $own_born in ''|0|*[!0-9]*) because "this file system does not tell when $from was made";; esac
newest <<END
$(stat -c '%f %W %Y %n' "$home"/* 2>/dev/null)
END
[ -d "$to" ] && [ ! -L "$to" ] || because "$to is no folder"`;
