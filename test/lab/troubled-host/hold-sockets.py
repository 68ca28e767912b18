"""Holds PAIRS connections over the loopback, two sockets each, until it is killed; prints `held` once they are there."""
import os
import resource
import socket
import sys
import time

pairs = int(sys.argv[1])
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
# As many as one process may hold, and as one address may be called from (some 28,000 local ports).
each = min(20000, (hard - 100) // 2)

children = []
while pairs > 0:
    share, pairs = min(each, pairs), pairs - each
    reader, writer = os.pipe()
    if os.fork() == 0:
        listener = socket.socket()
        listener.bind(("127.0.1.%d" % (len(children) + 1), 9000))
        listener.listen(1024)
        held = []
        for _ in range(share):
            held.append(socket.create_connection(listener.getsockname()))
            held.append(listener.accept()[0])
        os.write(writer, b"1")
        time.sleep(3600)
    os.close(writer)
    children.append(reader)
for reader in children:
    os.read(reader, 1)
print("held", flush=True)
time.sleep(3600)
