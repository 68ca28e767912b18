"""Holds PAIRS connections over the loopback, two sockets each, until it is killed; prints `held` once they are there."""
import resource
import socket
import sys
import time

pairs = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (2 * pairs + 1000, 2 * pairs + 1000))
held = []
# One address can be called from some 28,000 local ports.
for server in range(1 + pairs // 20000):
    listener = socket.socket()
    listener.bind(("127.0.1.%d" % (server + 1), 9000))
    listener.listen(1024)
    held.append(listener)
    for _ in range(min(20000, pairs - 20000 * server)):
        held.append(socket.create_connection(listener.getsockname()))
        held.append(listener.accept()[0])
print("held", flush=True)
time.sleep(3600)
