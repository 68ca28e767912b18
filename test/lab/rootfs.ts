import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where the base system is kept between runs; it is made anew when the list below changes. */
const CACHE = '/var/cache/diag503-lab';

const RELEASE = 'bookworm';
const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'iproute2', 'procps', 'curl', 'ca-certificates'],
  ...[
    'gunicorn',
    'python3-psycopg2',
    'python3-redis',
    'python3-sqlalchemy',
    'redis-server',
    'postgresql',
    'haproxy',
    'nginx-light',
  ],
  ...['nftables', 'pgbouncer', 'dnsmasq', 'socat', 'faketime', 'stress-ng', 'busybox', 'sudo', 'openssl'],
];

/** What other shops are written in. By apt-get: debootstrap knows no package that only another one provides. */
const OTHER_APPS = [
  ...['nodejs', 'node-pg', 'node-redis', 'puma', 'ruby-pg', 'ruby-redis'],
  ...['php8.2-fpm', 'php8.2-pgsql', 'php-redis'],
  ...['uwsgi-core', 'uwsgi-plugin-python3', 'uvicorn', 'python3-asyncpg', 'python3-waitress'],
];

/** Started where a scenario wants them, and nowhere else. */
const NOT_ENABLED = ['redis-server', 'postgresql', 'haproxy', 'nginx', 'pgbouncer', 'dnsmasq', 'php8.2-fpm'];

/** The account that diag503 logs in with: no root, no sudo, only the journal. */
const ACCOUNT = ['useradd', '-r', '-m', '-s', '/bin/bash', '-G', 'systemd-journal', 'diag503'];

/** Builds the hosts' common root folder from Debian's packages (about two minutes), or takes it from the cache. */
export function ensureRootfs(): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([RELEASE, PACKAGES, OTHER_APPS, ACCOUNT]))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(CACHE, `${RELEASE}-${digest}`);
  if (existsSync(path.join(folder, '.complete'))) return folder;

  const building = `${folder}.building`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const include = `--include=${PACKAGES.join(',')}`;
  execFileSync('debootstrap', ['--variant=minbase', include, RELEASE, building, mirror()], { stdio: 'pipe' });
  const others = `apt-get update && apt-get install -y --no-install-recommends ${OTHER_APPS.join(' ')}`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('chroot', [building, 'sh', '-euc', `${others} && apt-get clean`], { stdio: 'pipe', env });
  execFileSync('chroot', [building, ...ACCOUNT]);
  const wants = path.join(building, 'etc/systemd/system');
  for (const unit of NOT_ENABLED)
    rmSync(path.join(wants, `multi-user.target.wants/${unit}.service`), { force: true });
  rmSync(path.join(wants, 'timers.target.wants/phpsessionclean.timer'), { force: true });
  writeFileSync(path.join(building, '.complete'), '');
  renameSync(building, folder);
  return folder;
}

/** The Debian mirror that this machine itself uses. */
function mirror(): string {
  const folder = '/etc/apt/sources.list.d';
  const files = readdirSync(folder).filter((file) => /\.(list|sources)$/.test(file));
  const texts = ['/etc/apt/sources.list', ...files.map((file) => path.join(folder, file))]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  const lines = texts
    .join('\n')
    .split('\n')
    .filter((line) => /^(URIs:|deb )/.test(line));
  const found = lines
    .map((line) => /https?:\/\/\S+/.exec(line)?.[0])
    .find((url) => url && !/security/.test(url));
  if (!found) throw new Error('No Debian mirror in /etc/apt: the lab builds its hosts from Debian packages.');
  return found;
}
