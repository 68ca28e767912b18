import { quote, type Runs } from '../probes/define-probe.js';
import { PAUSE } from '../probes/shell/pause.js';

export type Snippet = {
  /** Only of `A-Z a-z 0-9 . _ -`: it is part of the frame's mark. */
  id: string;
  /** POSIX sh. */
  script: string;
  runs?: Runs | undefined;
  /** How long one that runs apart may take; the others are ended with the whole script. */
  timeoutSeconds: number;
};

/**
 * One script for all snippets, for one `sh` on one exec. Nothing is written to disk: an answer is held in a shell
 * variable until it is complete, or printed straight between two marks that carry the run's nonce. The nonce is in no
 * argument list and no environment: what a snippet prints cannot forge a mark.
 *
 * On a host that drowns every process costs a wait for a core. So what only reads the kernel's files runs in the one
 * shell itself, and all that compare two samples share one pause; meanwhile the programs that may wait run beside it.
 * The leading inline ones are read before any process is started.
 */
export const compileScript = (
  snippets: readonly Snippet[],
  { nonce, maxBytes, prologue = '' }: { nonce: string; maxBytes: number; prologue?: string },
): string => {
  const samples = snippets.filter(({ runs }) => runs === 'inline').map(inPhases);
  const first = snippets.findIndex(({ runs }) => runs !== 'inline');
  const leading = first === -1 ? snippets.length : first;
  const rest = snippets.slice(leading);
  return [
    `N=${nonce}`,
    // One byte more than allowed tells a cut answer from one that just fits.
    `C=${maxBytes + 1}`,
    PRELUDE,
    '{',
    `printf '\\n#%s!%s\\n' "$N" "$T"`,
    // What it sets is known to all snippets but those that run apart.
    prologue,
    // Before the first process: also where no further one can be started.
    ...snippets.slice(0, leading).map(startOf),
    '} </dev/null',
    ': | {',
    LOCK,
    ...rest.filter((snippet) => !isLate(snippet)).map(startOf),
    samples.some(({ again }) => again !== null) ? PAUSE : ':',
    ...samples.map(({ id, again }) => (again === null ? '' : phase(id, again, true))),
    ...rest.filter(isLate).map(startOf),
    UNLOCK,
    'wait',
    '}',
    '',
  ].join('\n');
};

const startOf = (snippet: Snippet): string => {
  const { id, script, runs, timeoutSeconds } = snippet;
  if (runs === 'inline') {
    const { first, again } = inPhases(snippet);
    return phase(id, first, again === null);
  }
  return runs === 'beside' ? `r b ${id} ${quote(script)}` : `r o ${id} ${timeoutSeconds} ${quote(script)}`;
};

/** Two samples tell most: they come before what each needs a program of its own. */
const isLate = (snippet: Snippet): boolean => snippet.runs === 'inline' && inPhases(snippet).again === null;

const inPhases = ({ id, script }: Snippet): { id: string; first: string; again: string | null } => {
  const [first = '', again = null] = script.split(`\n${PAUSE}\n`);
  return { id, first, again };
};

/** Printed straight: nobody else prints before `UNLOCK`. A frame that is opened again goes on where it was. */
const phase = (id: string, script: string, last: boolean): string =>
  [`printf '\\n#%s<%s\\n' "$N" ${id}`, script, ...(last ? [`f ${id} $?`] : [])].join('\n');

/**
 * `o` runs one snippet apart, with a time and a cap of its own. Its exit code goes past `head`, which cuts the rest, by
 * descriptor 4 and so may stand anywhere in the captured text. `b` runs one beside the others in a copy of this shell.
 * SIGPIPE is ignored only once the snippet is over: the lock must be given back even when nobody reads any more.
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
f() { printf '#%s=%s##%s>%s\\n' "$N" "$2" "$N" "$1"; }
h() {
trap '' PIPE
if [ -n "$L" ]; then read -r t <&9; fi
printf "\\n#%s<%s\\n%.$2s%s\\n#%s>%s\\n" "$N" "$1" "$3" "$4" "$N" "$1"
if [ -n "$L" ]; then echo >&9; fi
}
o() {
B=$( { { l "$2" sh -c "$3" "@$1" </dev/null 4>&- 9<&-; printf '#%s=%s#' "$N" "$?" >&4; } | head -c "$C" 4>&- 9<&-; } 4>&1 )
h "$1" "\${#B}" "$B" ''
}
b() {
B=$(S=$2; set --; exec </dev/null 9<&-; eval "$S")
h "$1" "$C" "$B" "#$N=$?#"
}`;

/**
 * A pipe with one byte in it is the lock that keeps frames apart: who has read the byte may print, and writes it
 * back. Linux opens a pipe for both directions through /proc; where that fails the snippets run one by one. The byte
 * is put in when the inline snippets are through, or this shell ends before: it cannot start a process any more, or
 * nobody listens. Else the others would wait for it for ever.
 */
const LOCK = `L=
if { : <>/proc/self/fd/0; } 2>/dev/null; then L=1; exec 9<>/proc/self/fd/0; r() { "$@" & }
trap 'echo >&9' EXIT
trap exit HUP PIPE TERM
else exec 9</dev/null; r() { ( "$@" ); }
fi
exec </dev/null`;
const UNLOCK = `trap - EXIT
if [ -n "$L" ]; then echo >&9; fi`;
