import type { Lab } from '../lab.js';
import { HOSTS } from '../topology.js';
import { freeDisk } from './full-disk.js';

export const SPOOL = '/var/spool/relay';
const CODE = '/srv/relay/relay.py';
const UNIT = '/etc/systemd/system/relay.service';
const NAME = '/etc/dnsmasq.d/mail.conf';

/** Takes letters and hands them on at once; with little room in its spool it takes none, as mail servers do. */
const RELAY = `"""A mail relay of the house."""
import os
import socketserver
import tempfile

MIN_FREE = 1024 * 1024


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\\r\\n")

    def handle(self):
        self.say("220 mail.lab.test ESMTP")
        for line in self.rfile:
            verb = line.split(b":")[0].split()[:1]
            verb = verb[0].upper() if verb else b""
            if verb in (b"EHLO", b"HELO"):
                self.say("250 mail.lab.test")
            elif verb == b"MAIL":
                room = os.statvfs("${SPOOL}")
                enough = room.f_bavail * room.f_bsize > MIN_FREE
                self.say("250 2.1.0 Ok" if enough else "452 4.3.1 Insufficient system storage")
            elif verb == b"DATA":
                self.say("354 End data with <CR><LF>.<CR><LF>")
                with tempfile.NamedTemporaryFile(dir="${SPOOL}") as letter:
                    for part in self.rfile:
                        if part == b".\\r\\n":
                            break
                        letter.write(part)
                self.say("250 2.0.0 Ok: queued")
            elif verb == b"QUIT":
                self.say("221 2.0.0 Bye")
                return
            else:
                self.say("250 2.0.0 Ok")


class Relay(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Relay(("0.0.0.0", 25), Session).serve_forever()
`;

const UNIT_TEXT = ['[Unit]', 'Description=Mail relay', '[Service]', `ExecStart=/usr/bin/python3 ${CODE}`];

/** On the host of the payment service, under a name of its own. */
export function startMailRelay(lab: Lab): void {
  const script = `mkdir -p /srv/relay ${SPOOL}; printf '%s' "$1" >${CODE}; printf '%s\\n' "$2" >${UNIT}
    systemctl daemon-reload; systemctl start relay
    for i in $(seq 50); do [ -n "$(ss -Hltn sport = :25)" ] && exit 0; sleep 0.1; done; exit 1`;
  lab.host('pay-1').run('sh', '-euc', script, 'sh', RELAY, UNIT_TEXT.join('\n'));
  lab
    .host('ns-1')
    .sh(`echo 'host-record=mail.lab.test,${HOSTS['pay-1'].address}' >${NAME}; systemctl restart dnsmasq`);
}

export function removeMailRelay(lab: Lab): void {
  const host = lab.host('pay-1');
  host.sh('systemctl stop relay 2>/dev/null || :; systemctl reset-failed relay 2>/dev/null || :');
  freeDisk(host, SPOOL);
  host.sh(`rm -rf /srv/relay ${SPOOL} ${UNIT}; systemctl daemon-reload`);
  lab.host('ns-1').sh(`rm -f ${NAME}; systemctl restart dnsmasq`);
}
