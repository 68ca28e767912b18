import { z } from 'zod';
import { defineHostProbe, quote } from './define-probe.js';
import { UPTIME, uptimeOf } from './shell/pause.js';
import { linesOf, refusal } from './shell/refuse.js';

const DeployActivity = z.object({
  /** Processes that usually change what runs on a host. */
  processes: z.array(
    z.object({
      pid: z.int().positive(),
      name: z.string(),
      command: z.string(),
      ageSeconds: z.number().nonnegative(),
    }),
  ),
  /** Lock files of deploy tools beside the release. */
  locks: z.array(z.object({ path: z.string(), changedAt: z.iso.datetime() })),
});
export type DeployActivity = z.infer<typeof DeployActivity>;

/** Names as in /proc/PID/comm, which holds 15 characters. */
const DEPLOY_TOOLS =
  'ansible.*|deploy(\\.(sh|py|rb))?|rollout(\\.sh)?|cap|capistrano|fab|dep|deployer|mina|kubectl|helm|docker-compose|pip|pip3|npm|npm (ci|install).*|yarn|pnpm|' +
  'bundle|bundler|composer|alembic|flyway|liquibase|rsync|puppet|chef-client|salt-call|dpkg|apt|apt-get|unattended-upgr|dnf|yum|rpm';
/** Interpreters whose command line tells whether they migrate a database. */
const INTERPRETERS = 'python[0-9.]*|ruby|rake|rails|php[0-9.]*|node';
const MIGRATIONS =
  'manage\\.py.migrate|alembic.*upgrade|db:migrate|artisan.migrate|prisma.migrate|knex.*migrate|sequelize.*db:migrate';

export const deployActivity = defineHostProbe({
  id: 'deploy-activity',
  fact: DeployActivity,
  runs: 'beside',
  timeoutSeconds: 2,
  source: () => 'ps -eo pid,etimes,comm,args | grep deploy tools',
  script: (service) => `${UPTIME}
show() {
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
  echo "tool $1 $2"
  echo "stat $line"
  echo "args $(tr '\\0\\n' '  ' <"/proc/$1/cmdline" 2>/dev/null | head -c 300)"
}
set -f
found=$(set +f; grep -sxE '${DEPLOY_TOOLS}|${INTERPRETERS}' /proc/[0-9]*/comm)
set --
IFS='
'
for item in $found; do
  pid=\${item%%/comm:*}; pid=\${pid#/proc/}; name=\${item#*/comm:}
  case $name in
  python*|ruby*|rake*|rails*|php*|node*) set -- "$@" "/proc/$pid/cmdline";;
  *) show "$pid" "$name";;
  esac
done
# What Ansible runs on a host is a module in Python of its own name.
[ $# -gt 0 ] && for file in $(grep -lsaE '${MIGRATIONS}|AnsiballZ_' "$@"); do
  name=migration; grep -qsa AnsiballZ_ "$file" && name=ansible
  file=\${file%/cmdline}; show "\${file#/proc/}" $name
done
set +f
${lockFiles(service.release)}
:`,

  parse(output) {
    const lines = linesOf(output.stdout);
    const up = lines.find((line) => line.startsWith('up '));
    if (up === undefined) throw refusal('/proc', output);
    return { processes: processesOf(lines, uptimeOf(up)), locks: locksOf(lines) };
  },
});

function processesOf(lines: string[], uptimeSeconds: number): z.infer<typeof DeployActivity>['processes'] {
  return lines.flatMap((line, index) => {
    const [, pid, name = ''] = /^tool (\d+) (.+)$/.exec(line) ?? [];
    const stat = lines[index + 1] ?? '';
    if (pid === undefined || !stat.startsWith('stat ')) return [];
    // Field 22 of /proc/PID/stat, in ticks of 10 ms; the fields after the name begin with number 3.
    const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / 100;
    const command = (lines[index + 2] ?? '').replace(/^args /, '').trim();
    return [{ pid: Number(pid), name, command, ageSeconds: Math.max(uptimeSeconds - started, 0) }];
  });
}

function lockFiles(
  release: { link: string } | { gitDir: string } | { command: string[] } | undefined,
): string {
  if (release === undefined || 'command' in release) return '';
  const beside = 'link' in release ? release.link : release.gitDir;
  const folder = quote(beside.slice(0, Math.max(beside.lastIndexOf('/'), 1)));
  return `for file in ${folder}/*.lock ${folder}/.*.lock; do
  [ -e "$file" ] && stat -c 'lock %Y %n' "$file" 2>/dev/null
done`;
}

const locksOf = (lines: string[]): z.infer<typeof DeployActivity>['locks'] =>
  lines.flatMap((line) => {
    const [, changed, path] = /^lock (\d+) (.+)$/.exec(line) ?? [];
    return changed === undefined || path === undefined
      ? []
      : [{ path, changedAt: new Date(Number(changed) * 1000).toISOString() }];
  });
