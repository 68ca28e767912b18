"""A small shop that spools every order to the disk before it says yes."""
import os
import tempfile

SPOOL = os.environ.get("SPOOL", "/var/lib/spool")


def application(environ, start_response):
    try:
        with tempfile.NamedTemporaryFile(dir=SPOOL) as order:
            order.write(b"one order\n" * 100)
    except OSError as error:
        print("spool: %s" % error, flush=True)
        return answer(start_response, "503 Service Unavailable", str(error))
    return answer(start_response, "200 OK", "ok")


def answer(start_response, status, text):
    body = text.encode() + b"\n"
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
