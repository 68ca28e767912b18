"""A service desk: one process with threads, a connection pool of SQLAlchemy on PgBouncer, sessions in Redis."""
import json
import os
import sys
import time

import redis
from sqlalchemy import create_engine, text

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ["POOL_SIZE"]),
    max_overflow=0,
    pool_timeout=3,
    pool_pre_ping=True,
    connect_args={"connect_timeout": 5, "application_name": "desk"},
)
sessions = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5, socket_connect_timeout=3)


def tickets():
    with engine.connect() as connection:
        count = connection.execute(text("select count(*) from tickets")).scalar()
    sessions.set("last-seen", time.time())
    return {"tickets": count}


def slow(seconds):
    with engine.connect() as connection:
        connection.execute(text("select pg_sleep(:seconds)"), {"seconds": seconds})
    return {"waited": seconds}


def hold(seconds):
    """Keeps a connection of the pool and does nothing with it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("select 1"))
        time.sleep(seconds)
    return {"held": seconds}


PAGES = {"/slow": slow, "/hold": hold}


def app(environ, start_response):
    handler = PAGES.get(environ["PATH_INFO"])
    try:
        body = tickets() if handler is None else handler(float(environ.get("QUERY_STRING") or "1"))
        status = "200 OK"
    except Exception as error:
        print("desk: %s: %s" % (type(error).__name__, str(error).strip()), file=sys.stderr, flush=True)
        status, body = "503 Service Unavailable", {"error": type(error).__name__, "detail": str(error).strip()}
    payload = json.dumps(body).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(payload)))])
    return [payload]
