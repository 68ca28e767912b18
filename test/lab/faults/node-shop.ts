import type { Lab } from '../lab.js';
import type { LabHost } from '../host.js';
import { changeOtherShop, deployOther, edited, runOtherShop } from './other-shop.js';

/** One process with an event loop: a pool of node-pg, node-redis, JSON lines as pino writes them, and a page that says no more than 503. */
const SERVER = `'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs/promises');
const http = require('node:http');
const https = require('node:https');
const os = require('node:os');
const { Pool } = require('pg');
const { createClient } = require('redis');

const write = (level, fields, msg) =>
  console.log(JSON.stringify({ level, time: Date.now(), pid: process.pid, hostname: os.hostname(), ...fields, msg }));
const err = (error) => ({ type: error.constructor.name, message: error.message, stack: error.stack, code: error.code });
const log = {
  info: (fields, msg) => write(30, fields, msg),
  warn: (fields, msg) => write(40, fields, msg),
  error: (error, msg) => write(50, { err: err(error) }, msg),
};

const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  application_name: 'shop',
  max: 5,
  connectionTimeoutMillis: 3000,
});
pool.on('error', (error) => log.error(error, 'idle database client'));
const cache = createClient({ url: process.env.REDIS_URL });
cache.on('error', (error) => log.error(error, 'redis client'));

const getJson = (module, url, timeout) =>
  new Promise((resolve, reject) => {
    const request = module.get(url, { timeout }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk)).on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error('Request failed with status code ' + response.statusCode));
        try {
          resolve(JSON.parse(body));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Error('timeout of ' + timeout + 'ms exceeded')));
  });

async function health() {
  await pool.query('select 1');
  await cache.incr('checks');
  return { status: 'ok' };
}

async function page() {
  const { rows } = await pool.query('select count(*)::int as orders from orders');
  await cache.incr('visits');
  const payments = await getJson(https, process.env.PAYMENTS_URL, 8000);
  await fs.appendFile(process.env.VISITS_FILE, Date.now() / 1000 + '\\n');
  return { orders: rows[0].orders, payments: payments.payments };
}

async function search(query) {
  const client = await pool.connect();
  const { rows } = await client.query('select id, placed from orders where id = $1', [query.get('id')]);
  client.release();
  return rows;
}

async function login(query) {
  const key = crypto.pbkdf2Sync(query.get('password') ?? '', 'n4x7', 1000000, 64, 'sha512');
  return { session: key.toString('hex').slice(0, 16) };
}

const routes = { '/': page, '/health/': health, '/search': search, '/login': login };

const server = http.createServer(async (req, res) => {
  const started = Date.now();
  const url = new URL(req.url, 'http://shop');
  const route = routes[url.pathname];
  const send = (status, body, type) => {
    res.writeHead(status, { 'content-type': type ?? 'application/json' }).end(JSON.stringify(body));
    const fields = { req: { method: req.method, url: req.url }, res: { statusCode: status }, responseTime: Date.now() - started };
    if (status === 404) log.warn(fields, 'no such page');
    else log.info(fields, status < 500 ? 'request completed' : 'request errored');
  };
  if (!route) return send(404, { title: 'Not Found', status: 404 }, 'application/problem+json');
  try {
    send(200, await route(url.searchParams));
  } catch (error) {
    log.error(error, 'request failed: ' + req.method + ' ' + url.pathname);
    send(503, { type: 'about:blank', title: 'Service Unavailable', status: 503 }, 'application/problem+json');
  }
});

async function main() {
  await cache.connect();
  server.listen(8000, '127.0.0.1', () => log.info({}, 'Server listening at http://127.0.0.1:8000'));
}

main();
`;

type Edits = readonly (readonly [string, string])[];

/** The lines of its unit, with these beside them. */
const unitWith = (more: readonly string[]): string[] => [
  'ExecStart=/usr/bin/node server.js',
  'Environment=NODE_ENV=production NODE_PATH=/usr/share/nodejs NODE_EXTRA_CA_CERTS=/etc/ssl/lab-ca.crt',
  ...more,
];

/** The shop is this program of Node.js from now on, with code that has been there for long. */
export const runNodeShop = (lab: Lab, edits: Edits = []): Promise<void> =>
  runOtherShop(lab, { files: { 'server.js': edited(SERVER, edits) }, unit: unitWith([]) });

/** More lines in the unit of a shop that runs, and a restart. */
export const changeNodeUnit = (host: LabHost, lines: readonly string[]): void =>
  changeOtherShop(host, unitWith(lines));

export const deployNode = (host: LabHost, release: string, edits: Edits): void =>
  deployOther(host, release, 'server.js', edited(SERVER, edits));
