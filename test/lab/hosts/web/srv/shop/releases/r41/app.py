"""A shop: sync workers, one database connection each, a Redis cache, a payment service that every page asks, and a file of visits."""
import json
import os
import time
import urllib.request

import psycopg2
import redis

DATABASE_URL = os.environ["DATABASE_URL"]
PAYMENTS_URL = os.environ["PAYMENTS_URL"]
VISITS = os.environ["VISITS_FILE"]
cache = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5, socket_connect_timeout=3)
connection = None


def database():
    """Kept between requests, opened anew after it was lost."""
    global connection
    if connection is None or connection.closed:
        connection = psycopg2.connect(DATABASE_URL, connect_timeout=5, application_name="shop")
        connection.autocommit = True
    return connection


def ask_database(statement, *values):
    global connection
    try:
        with database().cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()[0]
    except psycopg2.OperationalError:
        connection = None
        raise


def page(payments=True):
    """One request as a customer makes it: an order count, a counter in the cache, the payment service."""
    step = "database"
    try:
        orders = ask_database("select count(*) from orders")
        step = "cache"
        cache.incr("visits")
        if payments:
            step = "payments"
            with urllib.request.urlopen(PAYMENTS_URL, timeout=8) as answer:
                json.load(answer)
            step = "visits"
            with open(VISITS, "a") as visits:
                visits.write("%f\n" % time.time())
    except Exception as error:
        print("shop: %s: %s" % (step, str(error).strip()), flush=True)
        return "503 Service Unavailable", {"status": "failing", step: str(error).strip()}
    return "200 OK", {"status": "ok", "orders": orders}


def health():
    """What the balancer asks: the shop's own parts. Pages without payments would still be something."""
    return page(payments=False)


def sleep(seconds):
    time.sleep(seconds)
    return "200 OK", {"slept": seconds}


def burn(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return "200 OK", {"burnt": seconds}


def report(seconds):
    ask_database("select count(pg_sleep(%s))", seconds)
    return "200 OK", {"reported": seconds}


def hoard(megabytes):
    kept = bytearray(int(megabytes) * 1024 * 1024)
    for place in range(0, len(kept), 4096):
        kept[place] = 1
    time.sleep(5)
    return "200 OK", {"hoarded": megabytes}


PAGES = {"/sleep": sleep, "/burn": burn, "/report": report, "/hoard": hoard}


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path in PAGES:
        status, body = PAGES[path](float(environ.get("QUERY_STRING") or "1"))
    else:
        status, body = health() if path == "/health/" else page()
    payload = json.dumps(body).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(payload)))])
    return [payload]
