"""Fills the journal through journald's own socket, from several units at once: UNIT_COUNT ENTRIES_EACH, as root."""
import os
import socket
import sys

units, entries = int(sys.argv[1]), int(sys.argv[2])
GROUP = "/sys/fs/cgroup/systemd" if os.path.isdir("/sys/fs/cgroup/systemd") else "/sys/fs/cgroup"
words = "the order of a customer was spooled, and the next one waits for its turn; " * 8

for unit in range(units):
    # journald names an entry's unit by the cgroup of its sender: the service's own for the first of them.
    group = "%s/system.slice/%s.service" % (GROUP, "spool" if unit == 0 else "chatty-%d" % unit)
    os.makedirs(group, exist_ok=True)
    if os.fork() == 0:
        with open("%s/cgroup.procs" % group, "w") as procs:
            procs.write(str(os.getpid()))
        journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        journal.connect("/run/systemd/journal/socket")
        for entry in range(entries):
            text = "MESSAGE=%d of %d: %s\nPRIORITY=6\nORDER=%d\n" % (entry, unit, words[entry % 70 :], entry)
            journal.send(text.encode())
        os._exit(0)
for _ in range(units):
    os.wait()
