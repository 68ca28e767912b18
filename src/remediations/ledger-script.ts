import type { StepOf } from '../model/plan.js';
import { quote } from '../probes/define-probe.js';

/** What the ledger of a host is asked. `folder` is for tests. */
export type LedgerAsk = {
  /** Of the remediation and its step: the name of the directory that only one can make. */
  id: string;
  nonce: string;
  mode:
    | {
        kind: 'run';
        argv: readonly string[];
        /** On its standard input, as one line. Left out: nothing. */
        input?: string;
        asRoot: boolean;
        expect: StepOf<'command'>['expect'];
        notAfter: number;
        limitSeconds: number;
      }
    /** Something that this script does not do itself follows, once. */
    | { kind: 'claim'; notAfter: number }
    | { kind: 'finish'; words: string }
    /** What became of it. What was not begun is barred by this, so that the answer stays true. */
    | { kind: 'look'; unit: string | null; since: number };
  folder?: string;
};

/**
 * One fixed script for dash, bash and busybox; only the assignments at its head differ, each value through `quote()`.
 * The directory is made before the effect, and whoever finds it there does nothing: at most once, whatever became of
 * Redis, of the worker or of the connection. Hang-ups are ignored: what has begun is also written down. Whoever makes
 * `go` decides: the one who has written down what was before may begin, the one who looks has barred it for ever.
 */
export const ledgerScript = ({ id, nonce, mode, folder = '' }: LedgerAsk): string =>
  [
    `N=${quote(nonce)} id=${quote(id)} mode=${mode.kind} folder=${quote(folder)}`,
    ...headOf(mode),
    BODY,
    '',
  ].join('\n');

function headOf(mode: LedgerAsk['mode']): string[] {
  switch (mode.kind) {
    case 'run': {
      const properties = Object.entries(mode.expect?.properties ?? {});
      return [
        `not_after=${whole(mode.notAfter)} limit=${whole(mode.limitSeconds)} root=${mode.asRoot ? 1 : 0}`,
        `unit=${quote(mode.expect?.unit ?? '')} since=0 words=`,
        `input=${quote(mode.input ?? '')}`,
        `expect=${quote(properties.map(([name, value]) => `${name}=${value}`).join('\n'))}`,
        `set -- ${mode.argv.map(quote).join(' ')}`,
      ];
    }
    case 'claim':
      return [`not_after=${whole(mode.notAfter)} limit=0 root=0 unit= since=0 words= expect=`, 'set --'];
    case 'finish':
      return [`not_after=0 limit=0 root=0 unit= since=0 expect= words=${quote(mode.words)}`, 'set --'];
    case 'look':
      return [
        `not_after=0 limit=0 root=0 since=${whole(mode.since)} words= expect= unit=${quote(mode.unit ?? '')}`,
        'set --',
      ];
  }
}

const whole = (value: number): string => String(Math.max(0, Math.floor(value)));

/** How much of what a program said is kept, whatever more it says, and how much of that comes back. */
const KEPT_BYTES = 65_536;
const SHOWN_BYTES = 2_000;

const BODY = `umask 077
trap '' HUP PIPE
export LC_ALL=C PATH="\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
say() { printf '#%s %s\\n' "$N" "$*"; }
end() { say result "$@"; exit 0; }
state() { [ -z "$unit" ] || systemctl show -p InvocationID -p ActiveState -p Job -- "$unit" 2>/dev/null | tr '\\n' ' '; }
finish() { printf '%s\\n' "$1" >"$e/outcome.new" && mv -f "$e/outcome.new" "$e/outcome"; }
compare() { [ "$1" = 0 ] || [ -z "$unit" ] || { say before "$before"; say now "$(state)"; }; }
recorded() { { read -r pid boot; IFS= read -r before; } <"$e/started"; }
show() {
[ ! -f "$e/output" ] || head -c ${SHOWN_BYTES} "$e/output" | while IFS= read -r line || [ -n "$line" ]; do say out "$line"; done
}
d=$folder
[ -n "$d" ] || d=/var/lib/diag503/actions
[ -n "$folder" ] || [ -d "$d" ] || d=\${HOME:-/nonexistent}/.diag503/actions
mkdir -p "$d" 2>/dev/null || end no-ledger "$d"
e=$d/$id
say clock "$(date +%s)"
case $mode in
look)
if [ ! -d "$e" ]; then
  booted=0
  while read -r key value rest; do [ "$key" != btime ] || booted=$value; done </proc/stat 2>/dev/null
  if mkdir "$e" 2>/dev/null; then
    [ "$booted" -lt "$since" ] || { finish rebooted; end rebooted; }
    finish cancelled
    end not-done
  fi
  [ -d "$e" ] || end no-ledger "$d"
fi
if [ -f "$e/outcome" ]; then read -r word code <"$e/outcome"; show
  case $word in
  exit) recorded; compare "$code"; end done "$code";;
  cancelled) end not-done;;
  rebooted) end rebooted;;
  *) end finished "$word $code";;
  esac
fi
if mkdir "$e/go" 2>/dev/null || [ ! -f "$e/started" ]; then finish cancelled; end not-done; fi
recorded
{ read -r now_boot; } </proc/sys/kernel/random/boot_id 2>/dev/null
[ "$boot" = "$now_boot" ] || end rebooted
[ "$pid" = - ] || ! kill -0 "$pid" 2>/dev/null || end running
say before "$before"
say now "$(state)"
end open;;
finish)
[ -d "$e" ] || end not-done
finish "$words"
end finished "$words";;
esac
[ "$(date +%s)" -le "$not_after" ] || end too-late
if [ -n "$unit" ]; then
  printf '%s\\n' "$expect" | {
    while IFS= read -r wanted; do
      [ -n "$wanted" ] || continue
      is=$(systemctl show -p "\${wanted%%=*}" -- "$unit" 2>/dev/null)
      [ "$is" = "$wanted" ] || { printf '%s, not %s' "\${is:-unknown}" "$wanted"; break; }
    done
  } >"$d/.$id.changed" 2>/dev/null || end no-ledger "$d"
  changed=; read -r changed <"$d/.$id.changed"; rm -f "$d/.$id.changed"
  [ -z "$changed" ] || end changed "$changed"
fi
if ! mkdir "$e" 2>/dev/null; then
  [ -d "$e" ] || end no-ledger "$d"
  end taken
fi
boot=; { read -r boot; } </proc/sys/kernel/random/boot_id 2>/dev/null
pid=$$; [ "$mode" = run ] || pid=-
before=$(state)
printf '%s %s\\n%s\\n' "$pid" "$boot" "$before" >"$e/started.new" && mv -f "$e/started.new" "$e/started" || end no-ledger "$d"
sync "$e/started" "$d" 2>/dev/null
mkdir "$e/go" 2>/dev/null || end not-done
[ "$(date +%s)" -le "$not_after" ] || { finish cancelled; end too-late; }
[ "$mode" = run ] || end claimed
if [ "$root" = 1 ] && [ "$(id -u)" != 0 ]; then set -- sudo -n -- "$@"; fi
if command -v timeout >/dev/null 2>&1; then set -- timeout -k 5 "$limit" "$@"; fi
in=/dev/null
[ -z "$input" ] || { printf '%s\\n' "$input" >"$e/input" && in=$e/input; }
{ ( umask 022; trap - PIPE; "$@" ) <"$in" 2>&1; echo "$?" >"$e/code"; } | { head -c ${KEPT_BYTES} >"$e/output"; cat >/dev/null; }
read -r code <"$e/code"
finish "exit $code"
show
compare "$code"
end done "$code"`;
