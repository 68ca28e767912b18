import type { LabHost } from '../host.js';
import { endOtherShop, runOtherShopOn } from './other-shop.js';

export const POOL_FILE = '/etc/shop/fpm.conf';
const SOCKET = '/run/shop/php.sock';

/** What the shop does, in PHP: it says nothing to the outside but that something went wrong, and the rest to its log. */
const INDEX = `<?php
declare(strict_types=1);

set_error_handler(function (int $level, string $message, string $file, int $line): bool {
    throw new ErrorException($message, 0, $level, $file, $line);
}, E_WARNING | E_NOTICE);

function setting(string $name): string
{
    $value = getenv($name);
    if ($value === false) {
        throw new RuntimeException("setting $name is missing");
    }
    return $value;
}

function database(): PDO
{
    $url = parse_url(setting('DATABASE_URL'));
    $dsn = sprintf(
        'pgsql:host=%s;port=%d;dbname=%s;connect_timeout=5;application_name=shop',
        $url['host'],
        $url['port'] ?? 5432,
        ltrim($url['path'], '/'),
    );
    return new PDO($dsn, $url['user'], $url['pass'], [
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_PERSISTENT => false,
    ]);
}

function cache(): Redis
{
    $url = parse_url(setting('REDIS_URL'));
    $redis = new Redis();
    $redis->connect($url['host'], $url['port'] ?? 6379, 3.0, null, 0, 5.0);
    $redis->auth($url['pass']);
    return $redis;
}

function payments(): array
{
    $context = stream_context_create(['http' => ['timeout' => 8]]);
    return json_decode(file_get_contents(setting('PAYMENTS_URL'), false, $context), true, 16, JSON_THROW_ON_ERROR);
}

function parts(): array
{
    $orders = database()->query('select count(*) from orders')->fetchColumn();
    cache()->incr('visits');
    return ['status' => 'ok', 'orders' => $orders];
}

function page(): array
{
    $shown = parts();
    payments();
    file_put_contents(setting('VISITS_FILE'), microtime(true) . "\\n", FILE_APPEND);
    return $shown;
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$seconds = (float) ($_SERVER['QUERY_STRING'] ?: 1);
try {
    $answer = match ($path) {
        '/health/' => parts(),
        '/sleep' => [usleep((int) ($seconds * 1e6))],
        default => page(),
    };
    header('Content-Type: application/json');
    echo json_encode($answer);
} catch (Throwable $error) {
    error_log(sprintf('%s: %s in %s:%d', $error::class, $error->getMessage(), $error->getFile(), $error->getLine()));
    http_response_code(503);
    header('Content-Type: text/html');
    echo '<!doctype html><title>Error</title><h1>Something went wrong</h1>';
}`;

/** How many there are to serve, where nothing else is asked for. */
export const USUAL_CHILDREN = [
  'pm = dynamic',
  'pm.max_children = 5',
  'pm.start_servers = 2',
  'pm.min_spare_servers = 1',
  'pm.max_spare_servers = 3',
];

const poolFile = (lines: readonly string[]): string =>
  [
    '[global]',
    'error_log = syslog',
    'syslog.ident = php-fpm',
    'daemonize = no',
    '',
    '[shop]',
    'user = www-data',
    'group = www-data',
    `listen = ${SOCKET}`,
    'listen.owner = www-data',
    'listen.group = www-data',
    'listen.mode = 0660',
    'clear_env = no',
    'catch_workers_output = yes',
    'php_admin_flag[log_errors] = on',
    'php_admin_value[memory_limit] = 64M',
    'php_admin_value[openssl.cafile] = /etc/ssl/lab-ca.crt',
    ...lines,
  ].join('\n');

const PASS = [
  '  root /srv/shop/current;',
  '  location / {',
  '    include fastcgi_params;',
  '    fastcgi_param SCRIPT_FILENAME $realpath_root/index.php;',
  '    fastcgi_connect_timeout 2s;',
  '    fastcgi_read_timeout 20s;',
  `    fastcgi_pass unix:${SOCKET};`,
  '  }',
];

/** One server for the customers, and one by which the health page is asked on the host itself. */
const NGINX = [
  'server {',
  '  listen 80;',
  '  server_name shop.lab.test;',
  ...PASS,
  '}',
  'server {',
  '  listen 127.0.0.1:8000;',
  ...PASS,
  '}',
].join('\n');

type PhpShop = {
  /** Lines of the pool beyond the usual ones. */
  readonly pool?: readonly string[];
  /** Where PHP's own errors go: PHP hands them to nginx unless told otherwise. */
  readonly errorsTo?: 'nginx' | 'journal';
  /** Changes the code that has been there for long. */
  readonly code?: (index: string) => string;
};

/** The shop in PHP, under php-fpm, which nginx asks by a socket. */
export function runPhpShop(
  host: LabHost,
  { pool = USUAL_CHILDREN, errorsTo = 'journal', code = (index) => index }: PhpShop = {},
): void {
  const errors = errorsTo === 'journal' ? ['php_admin_value[error_log] = syslog'] : [];
  runOtherShopOn(host, {
    files: { 'index.php': code(INDEX), [POOL_FILE]: poolFile([...errors, ...pool]) },
    unit: [
      'Type=notify',
      'User=root',
      'RuntimeDirectory=shop',
      `ExecStart=/usr/sbin/php-fpm8.2 --nodaemonize --fpm-config ${POOL_FILE}`,
      'ExecReload=/bin/kill -USR2 $MAINPID',
    ],
    nginx: NGINX,
  });
}

export function endPhpShop(host: LabHost): void {
  host.run('rm', '-f', POOL_FILE);
  endOtherShop(host);
}

/** Changes the pool's file by a sed expression and restarts php-fpm, whether it takes that or not. */
export const changePool = (host: LabHost, edit: string): void => {
  host.run('sed', '-i', edit, POOL_FILE);
  host.run('systemctl', 'restart', '--no-block', 'shop');
};
