import { quote } from '../probes/define-probe.js';

export type Snippet = {
  /** Only of `A-Z a-z 0-9 . _ -`: it is part of the frame's mark. */
  id: string;
  /** POSIX sh. */
  script: string;
  timeoutSeconds: number;
};

/**
 * One script for all snippets, for one `sh` on one exec. They run side by side; each one's output is held in a shell
 * variable until it is complete, so nothing is written to disk, and then printed between two marks that carry the
 * run's nonce. The nonce is in no argument list and no environment: what a snippet prints cannot forge a mark.
 */
export const compileScript = (
  snippets: readonly Snippet[],
  { nonce, maxBytes }: { nonce: string; maxBytes: number },
): string =>
  [
    `N=${nonce}`,
    // One byte more than allowed tells a cut answer from one that just fits.
    `C=${maxBytes + 1}`,
    PRELUDE,
    'echo | {',
    LOCK,
    `printf '\\n#%s!%s\\n' "$N" "$T"`,
    ...snippets.map(({ id, timeoutSeconds, script }) => `r ${id} ${timeoutSeconds} ${quote(script)}`),
    'wait',
    '}',
    '',
  ].join('\n');

/**
 * `o` runs one snippet. Its exit code goes past `head`, which cuts the rest, by descriptor 4 and so may stand
 * anywhere in the captured text. SIGPIPE is ignored only once the snippet is over: the lock must be given back even
 * when nobody reads any more.
 */
const PRELUDE = `export LC_ALL=C PATH="\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
if command -v timeout >/dev/null 2>&1; then
T=timeout
l() { timeout -k 1 "$@"; }
else
T=no-timeout
l() {
s=$1; shift
"$@" & c=$!
{ sleep "$s"; kill -KILL "$c"; } >/dev/null 2>&1 & w=$!
wait "$c"; e=$?
kill "$w" 2>/dev/null
return "$e"
}
fi
o() {
b=$( { { l "$2" sh -c "$3" "@$1" </dev/null 4>&- 9<&-; printf '#%s=%s#' "$N" "$?" >&4; } | head -c "$C" 4>&- 9<&-; } 4>&1 )
trap '' PIPE
if [ -n "$L" ]; then read -r t <&9; fi
printf '\\n#%s<%s\\n%s\\n#%s>%s\\n' "$N" "$1" "$b" "$N" "$1"
if [ -n "$L" ]; then echo >&9; fi
}`;

/**
 * A pipe with one byte in it is the lock that keeps frames apart: who has read the byte may print, and writes it
 * back. Linux opens a pipe for both directions through /proc; where that fails the snippets run one by one.
 */
const LOCK = `L=
if { : <>/proc/self/fd/0; } 2>/dev/null; then L=1; exec 9<>/proc/self/fd/0; r() { o "$@" & }
else exec 9</dev/null; r() { ( o "$@" ); }
fi`;
