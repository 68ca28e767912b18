import { z } from 'zod';
import { defineHostProbe, quote } from './define-probe.js';
import { linesOf, refusal } from './shell/refuse.js';

const Marker = z.object({
  path: z.string(),
  /** When it was put there. */
  modifiedAt: z.iso.datetime(),
  line: z.string(),
});

/** Signs that somebody took the service out on purpose. */
export const MaintenanceMarker = z.object({
  /** Lines of the proxy's configuration that answer 503, as `file:number:text`. */
  configLines: z.array(z.string()),
  /** Files whose existence such a configuration tests, or frameworks know, and that exist now. */
  markers: z.array(Marker),
  /** False where the configuration may not be read, or there is none. */
  configRead: z.boolean(),
});
export type MaintenanceMarker = z.infer<typeof MaintenanceMarker>;

const MAX_LINES = 40;
/** Debian, nginx.org, Red Hat and Alpine keep their parts in these; one level deep, so that the reading stays small. */
const CONFIG = '/etc/nginx/nginx.conf /etc/nginx/*.d/* /etc/nginx/sites-enabled/* /etc/nginx/snippets/*';

/** `nginx -T` needs root; the files themselves are usually readable. */
export const maintenanceMarker = defineHostProbe({
  id: 'maintenance-marker',
  fact: MaintenanceMarker,
  runs: 'beside',
  timeoutSeconds: 4,
  applies: ({ proxy, release }) => proxy !== undefined || (release !== undefined && 'link' in release),
  source: () => "grep -nE 'return 503|=503' /etc/nginx -r",
  script: ({ proxy, release }) => `${proxy ? PROXY : ''}
${release !== undefined && 'link' in release ? frameworks(release.link) : ''}
echo end`,

  parse(output) {
    const lines = linesOf(output.stdout);
    if (lines.at(-1) !== 'end') throw refusal('grep', output);
    const tagged = (tag: string) =>
      lines.filter((line) => line.startsWith(`${tag} `)).map((l) => l.slice(tag.length + 1));
    return {
      configLines: tagged('config'),
      markers: tagged('marker').flatMap(asMarker),
      configRead: lines.includes('readable'),
    };
  },
});

/** The tests are `if (-f FILE)`; a FILE with a variable in it cannot be looked up. One program of POSIX awk for all. */
const IN_CONFIG = `/^[^#]*(return +503|=503)/ && said++ < ${MAX_LINES} { print "config " substr(FILENAME ":" FNR ":" $0, 1, 300) }
match($0, /\\([ \\t]*-[efd][ \\t]+"?[^")]+/) && substr($0, 1, RSTART) !~ /#/ {
  file = substr($0, RSTART, RLENGTH)
  sub(/^\\([ \\t]*-[efd][ \\t]+"?/, "", file)
  sub(/[ \\t].*$/, "", file)
  if (!(file in known) && asked++ < ${MAX_LINES}) { known[file]; print "asks " file }
}`;

/** awk ends at the first file that it may not read. */
const PROXY = `[ -r /etc/nginx/nginx.conf ] && echo readable
set --
for file in ${CONFIG}; do [ -f "$file" ] && [ -r "$file" ] && set -- "$@" "$file"; done
[ $# -gt 0 ] && awk ${quote(IN_CONFIG)} "$@" </dev/null | while IFS= read -r line; do
  case $line in
  'asks '*) file=\${line#asks }; [ -e "$file" ] && printf 'marker %s\\n' "$(stat -c '%Y %n' -- "$file")";;
  *) printf '%s\\n' "$line";; # dash's echo would take \\n for a line end
  esac
done`;

/** Laravel, WordPress; Rails' turnout and capistrano-maintenance. */
const frameworks = (link: string): string =>
  `for file in ${[
    'storage/framework/down',
    '.maintenance',
    'tmp/maintenance.yml',
    'public/system/maintenance.html',
  ]
    .map((name) => quote(`${link}/${name}`))
    .join(' ')}; do
  [ -e "$file" ] && printf 'marker %s\\n' "$(stat -c '%Y %n' -- "$file")"
done`;

const asMarker = (line: string) => {
  const [, seconds, path] = /^(\d+) (.+)$/.exec(line) ?? [];
  if (seconds === undefined || path === undefined) return [];
  const modifiedAt = new Date(Number(seconds) * 1000).toISOString();
  return [{ path, modifiedAt, line: `${path} (since ${modifiedAt})` }];
};
