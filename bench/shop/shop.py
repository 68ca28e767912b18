"""The lab's sick service: a small WSGI shop with a real connection pool on PostgreSQL and a Redis dependency."""
import json
import os
import time

import psycopg2
import psycopg2.pool
import redis

DATABASE_URL = os.environ["SHOP_DATABASE_URL"]
REDIS_URL = os.environ["SHOP_REDIS_URL"]
POOL_SIZE = int(os.environ.get("SHOP_POOL_SIZE", "2"))

_pool = None
_cache = redis.Redis.from_url(REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def pool():
    """Opened on first use, after gunicorn has forked."""
    global _pool
    if _pool is None:
        _pool = psycopg2.pool.ThreadedConnectionPool(0, POOL_SIZE, DATABASE_URL, connect_timeout=3)
    return _pool


def ask_database():
    connection = pool().getconn()
    try:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from orders")
            (orders,) = cursor.fetchone()
        connection.commit()
        return orders
    finally:
        # Closed, not kept: a shop without idle connections feels at once that the server has no slot left.
        pool().putconn(connection, close=True)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/sleep":
        time.sleep(float(environ.get("QUERY_STRING") or "1"))
        return answer(start_response, "200 OK", {"slept": True})
    if path == "/burn":
        until = time.monotonic() + float(environ.get("QUERY_STRING") or "1")
        while time.monotonic() < until:
            pass
        return answer(start_response, "200 OK", {"burnt": True})
    try:
        orders = ask_database()
    except (psycopg2.Error, psycopg2.pool.PoolError) as error:
        print("shop: database: %s" % str(error).strip(), flush=True)
        return answer(start_response, "503 Service Unavailable", {"status": "failing", "database": str(error).strip()})
    try:
        _cache.incr("visits")
    except redis.RedisError as error:
        print("shop: cache: %s" % error, flush=True)
        return answer(start_response, "503 Service Unavailable", {"status": "failing", "cache": str(error)})
    return answer(start_response, "200 OK", {"status": "ok", "orders": orders})


def answer(start_response, status, body):
    payload = json.dumps(body).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(payload)))])
    return [payload]
