import type { LabHost } from '../host.js';
import { runOtherShopOn } from './other-shop.js';

/** One process, one loop: a pool of asyncpg, the cache by redis.asyncio, payments from a thread. */
const APP = `"""The shop, async."""
import asyncio
import json
import logging
import os
import time
import urllib.request

import asyncpg
import redis.asyncio as redis

logging.basicConfig(format="%(levelname)s %(name)s %(message)s", level=logging.INFO)
log = logging.getLogger("shop")
cache = redis.from_url(os.environ["REDIS_URL"], socket_timeout=5, socket_connect_timeout=3)
pool = None


async def connections():
    global pool
    if pool is None:
        pool = asyncpg.create_pool(
            os.environ["DATABASE_URL"],
            min_size=1,
            max_size=3,
            timeout=5,
            server_settings={"application_name": "shop"},
        )
        await pool
    return pool


def ask_payments():
    with urllib.request.urlopen(os.environ["PAYMENTS_URL"], timeout=8) as answer:
        json.load(answer)
    with open(os.environ["VISITS_FILE"], "a") as visits:
        visits.write("%f\\n" % time.time())


async def parts():
    async with (await connections()).acquire(timeout=3) as connection:
        orders = await connection.fetchval("select count(*) from orders")
    await cache.incr("visits")
    return {"status": "ok", "orders": orders}


async def page():
    shown = await parts()
    await asyncio.get_running_loop().run_in_executor(None, ask_payments)
    return shown


async def export():
    """Every order as a document of its own; the printer takes five a second."""
    async with (await connections()).acquire() as connection:
        orders = await connection.fetch("select id from orders")
        for _ in orders:
            await asyncio.sleep(0.2)
    return {"exported": len(orders)}


PAGES = {"/health/": parts, "/export": export}


async def lifespan(receive, send):
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await connections()
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        return await lifespan(receive, send)
    try:
        body, status = json.dumps(await PAGES.get(scope["path"], page)()).encode(), 200
    except Exception:
        log.exception("%s failed", scope["path"])
        body, status = b'{"status": "error"}', 503
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})`;

/** The shop as async Python under uvicorn, with these options. */
export const runAsyncShop = (host: LabHost, ...options: readonly string[]): void => {
  const command = ['/usr/bin/uvicorn --host 127.0.0.1 --port 8000 --no-access-log', ...options];
  runOtherShopOn(host, {
    files: { 'asgi.py': APP },
    unit: [`ExecStart=${command.join(' ')} asgi:application`],
  });
};
