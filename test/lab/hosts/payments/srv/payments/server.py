"""A payment service of somebody else. /run/payments/mode says how it does: `ok`, `slow SECONDS` or `status CODE [RETRY-AFTER]`."""
import json
import ssl
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def mode():
    try:
        with open("/run/payments/mode") as file:
            return file.read().split()
    except FileNotFoundError:
        return ["ok"]


class Payments(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        kind, *values = mode()
        if kind == "slow":
            time.sleep(float(values[0]))
        status = int(values[0]) if kind == "status" else 200
        body = b"<h1>moved</h1>" if kind == "garbage" else json.dumps({"payments": "ok" if status == 200 else "failing"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if kind == "garbage" else "application/json")
        self.send_header("Content-Length", str(len(body)))
        if kind == "status" and len(values) > 1:
            self.send_header("Retry-After", values[1])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """The handshake belongs to the connection's own thread: one client that says nothing must not hold the rest up."""

    def finish_request(self, request, client_address):
        with tls.wrap_socket(request, server_side=True) as secure:
            super().finish_request(secure, client_address)


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain("/srv/payments/server.crt", "/srv/payments/server.key")
Server(("0.0.0.0", 8443), Payments).serve_forever()
