import type { LabHost } from '../host.js';
import type { Lab } from '../lab.js';
import { untilWell } from '../wellness.js';
import { bugSleeps } from './old-code.js';
import { startAnew } from './start-anew.js';

/** Where this shop writes its log, unless that goes to the journal. */
export const LOG_FOLDER = '/var/log/shop';

/** How the team of this shop logs: Python that is run when the app is loaded. */
export const LOGS = {
  /** One object a line, for a collector that takes the journal; the chain of exceptions is one of its fields. */
  json: String.raw`
class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {"@timestamp": self.formatTime(record), "level": record.levelname.lower(), "logger": record.name,
                "message": record.getMessage(), "service": "shop", "thread": record.threadName}
        if hasattr(record, "trace_id"):
            line["trace.id"] = record.trace_id
        if record.exc_info:
            line["error.type"] = record.exc_info[0].__name__
            line["error.stack_trace"] = self.formatException(record.exc_info)
        return json.dumps(line)

handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(JsonFormatter())
`,
  /** A file, with the stack traces of the house, where most is written in Java. */
  java: String.raw`
class HouseFormatter(logging.Formatter):
    """As Logback writes it, so that one parser reads the logs of every team: the outermost error first."""

    def formatException(self, exc_info):
        error, lines = exc_info[1], []
        while error is not None:
            name = "%s.%s" % (type(error).__module__, type(error).__qualname__)
            lines.append("%s%s: %s" % ("Caused by: " if lines else "", name, str(error).strip()))
            for frame in reversed(traceback.extract_tb(error.__traceback__)):
                lines.append("\tat %s(%s:%d)" % (frame.name, os.path.basename(frame.filename), frame.lineno))
            error = error.__cause__ or error.__context__
        return "\n".join(lines)

handler = logging.FileHandler("${LOG_FOLDER}/shop.log")
handler.setFormatter(HouseFormatter("%(asctime)s %(levelname)-5s [%(process)d] %(name)s - %(message)s [%(trace_id)s]", defaults={"trace_id": "-"}))
`,
  /** A file, as the manual of Python shows it. */
  file: String.raw`
handler = logging.FileHandler("${LOG_FOLDER}/shop.log")
handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
`,
} as const;

/** What customers get whenever a page cannot be made: Python, a content type and a body. */
export const PAGES = {
  bare: `return "text/plain", "Service Unavailable"`,
  empty: `return "text/html; charset=utf-8", ""`,
  branded: `return "text/html; charset=utf-8", "<!doctype html><title>Nordlicht</title><h1>Nordlicht</h1><p>Something went wrong. Please try again in a moment.</p>"`,
  problem: `return "application/problem+json", json.dumps({"type": "about:blank", "title": "Service Unavailable", "status": 503, "traceId": trace})`,
} as const;

/** A shop by another team: one session of the database for each request, errors by classes, one handler that answers them. */
const code = (
  logs: string,
  page: string,
): string => `"""The shop: pages raise what they mean, and one handler answers."""
import json
import logging
import os
import sys
import time
import traceback
import urllib.request
import uuid

import psycopg2
import redis

DATABASE_URL = os.environ["DATABASE_URL"]
PAYMENTS_URL = os.environ["PAYMENTS_URL"]
VISITS = os.environ["VISITS_FILE"]
cache = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5, socket_connect_timeout=3)
${logs}
log = logging.getLogger("shop")
log.setLevel(logging.INFO)
log.addHandler(handler)


class ShopError(Exception):
    """What a page says when a part of it cannot be had."""


class OrdersUnavailable(ShopError):
    pass


class BasketUnavailable(ShopError):
    pass


class CheckoutUnavailable(ShopError):
    pass


def count_orders():
    connection = None
    try:
        connection = psycopg2.connect(DATABASE_URL, connect_timeout=5, application_name="shop")
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from orders")
            return cursor.fetchone()[0]
    except psycopg2.Error as error:
        raise OrdersUnavailable("orders could not be read") from error
    finally:
        if connection is not None:
            connection.close()


def load_basket():
    try:
        return cache.incr("visits")
    except redis.RedisError as error:
        raise BasketUnavailable("basket could not be read") from error


def prepare_checkout():
    try:
        with urllib.request.urlopen(PAYMENTS_URL, timeout=8) as answer:
            return json.load(answer)
    except (OSError, ValueError) as error:
        raise CheckoutUnavailable("checkout could not be prepared") from error


def note_visit():
    with open(VISITS, "a") as visits:
        visits.write("%f\\n" % time.time())


def index(trace):
    orders = count_orders()
    load_basket()
    prepare_checkout()
    note_visit()
    return {"status": "ok", "orders": orders}


def health(trace):
    return {"status": "ok", "orders": count_orders(), "basket": load_basket()}


def search(trace, seconds=1.0):
    """Ranks every article anew."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return {"found": 0}


def error_page(trace):
    ${page}


def application(environ, start_response):
    path, trace = environ["PATH_INFO"], uuid.uuid4().hex
    try:
        if path == "/health/":
            answer = health(trace)
        elif path == "/search":
            answer = search(trace, float(environ.get("QUERY_STRING") or "1"))
        else:
            answer = index(trace)
        status, kind, body = "200 OK", "application/json", json.dumps(answer)
    except Exception:
        log.error("%s %s failed", environ["REQUEST_METHOD"], path, exc_info=True, extra={"trace_id": trace})
        status, (kind, body) = "503 Service Unavailable", error_page(trace)
    payload = body.encode()
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(payload)))])
    return [payload]
`;

/** A place of the code and what stands there in this shop, as it always has. */
export type Change = readonly [place: string, instead: string];

type OtherShop = {
  readonly logs: keyof typeof LOGS;
  readonly page: keyof typeof PAGES;
  readonly changes?: readonly Change[];
};

/** The shop has been this one for long, on every host, and serves; then nothing tells of the change. */
export async function beFrameworkShop(lab: Lab, { logs, page, changes = [] }: OtherShop): Promise<void> {
  const text = changes.reduce(
    (before, [place, instead]) => {
      if (!before.includes(place)) throw new Error(`The code of the shop has no ${place}`);
      return before.replace(place, () => instead);
    },
    code(LOGS[logs], PAGES[page]),
  );
  for (const host of lab.web) {
    host.run(
      'sh',
      '-euc',
      `install -d -o www-data -g adm -m 2750 ${LOG_FOLDER}
      cd /srv/shop/current
      [ -e ../.kept ] || cp -p app.py ../.kept
      printf '%s' "$1" >app.py
      touch -r ../.kept app.py . ..`,
      'sh',
      text,
    );
    startAnew(host, 'shop');
  }
  await untilWell(lab);
}

/** The usual shop again; whatever lies over the folder of the log has to be gone before. */
export function beUsualShop(host: LabHost): void {
  bugSleeps(host, 'shop', 'app.py');
  startAnew(host, 'shop');
  host.run('rm', '-rf', LOG_FOLDER);
}
