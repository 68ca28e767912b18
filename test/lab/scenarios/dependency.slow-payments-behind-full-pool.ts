import { endLoad, startLoad } from '../faults/load.js';
import { endOtherShop, runOtherShop } from '../faults/other-shop.js';
import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

/** Threads, and the pool of psycopg2, which makes nobody wait: who comes when it is empty gets an error at once. */
const CODE = `"""The shop: a pool of connections for all threads, one transaction for each page."""
import json
import logging
import os
import time
import urllib.request

import redis
from psycopg2.pool import ThreadedConnectionPool

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.INFO)
log = logging.getLogger("storefront")
pool = ThreadedConnectionPool(1, 4, os.environ["DATABASE_URL"], connect_timeout=5, application_name="shop")
cache = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5, socket_connect_timeout=3)


def checkout_state():
    with urllib.request.urlopen(os.environ["PAYMENTS_URL"], timeout=15) as answer:
        return json.load(answer)


def index():
    connection = pool.getconn()
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("select count(*) from orders")
            orders = cursor.fetchone()[0]
            cache.incr("visits")
            checkout_state()
            with open(os.environ["VISITS_FILE"], "a") as visits:
                visits.write("%f\\n" % time.time())
            return {"orders": orders}
    finally:
        pool.putconn(connection)


def health():
    return {"cache": cache.ping()}


def application(environ, start_response):
    try:
        body = health() if environ["PATH_INFO"] == "/health/" else index()
        status, kind, payload = "200 OK", "application/json", json.dumps(body).encode()
    except Exception:
        log.exception("request failed")
        status, kind, payload = "503 Service Unavailable", "text/plain", b"error"
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(payload)))])
    return [payload]`;

const GUNICORN = [
  '/usr/bin/gunicorn --worker-class gthread --workers 1 --threads 10 --backlog 32',
  '--bind 127.0.0.1:8000 --timeout 60 --graceful-timeout 3 store:application',
].join(' ');

export default defineScenario({
  fault:
    'Each page keeps a connection of its pool of four while it asks the payment service, which takes six seconds for each answer since a moment ago; the app says no more than "error", and its log "connection pool exhausted".',
  because:
    'The database has most of its slots left and no statement that runs: the sessions of the shop are idle in transactions of some seconds, and the threads that have them wait for an answer of the payment service, which takes six seconds from every host. The pool was enough for as long as a page was done in a moment, so it is what follows and not what is wrong. The health page needs neither database nor payments, and members stay up.',
  service: 'shop',
  users: [0, 503],
  settleSeconds: 10,
  inject: async (lab) => {
    await runOtherShop(lab, { files: { 'store.py': CODE }, unit: [`ExecStart=${GUNICORN}`] });
    setPayments(lab, 'slow 6');
    startLoad('http://shop.lab.test/', 24, 300);
  },
  heal: (lab) => {
    endLoad();
    setPayments(lab, 'ok');
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-slow', 'app-blames-dependency'],
    hop: 'app',
    notSaid: [
      'connections-exhausted',
      'sessions-blocked-by-lock',
      'dependency-unreachable',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});
