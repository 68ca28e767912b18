import { defineScenario } from '../scenario.js';
import { HOSTS } from '../topology.js';

const ADDRESS = HOSTS['pay-1'].address;
const UNIT = 'lab-announcer';

/** Tells everybody on the wire so many times that this host has the address: a gratuitous ARP, as keepalived sends it. */
const PROGRAM = `
import socket, struct, sys, time
address, times = socket.inet_aton(sys.argv[1]), int(sys.argv[2])
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
wire.bind(("host0", 0))
own = wire.getsockname()[4]
everybody = b"\\xff" * 6
frame = everybody + own + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + own + address + bytes(6) + address
while times != 0:
    wire.send(frame)
    times -= 1
    time.sleep(0.2)
`;

const announce = (times: number): string[] => ['python3', '-c', PROGRAM, ADDRESS, String(times)];

export default defineScenario({
  fault:
    'The address of the payment service floats between two machines, and after a short break of the line between them both have it: the other one, on which no payment service runs, announces it all the time.',
  because:
    'Every page fails with "Connection refused" of payments, from every host, though the service runs, listens, and answers on its own host: packets to its address arrive at another machine, as the tables of neighbours show.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ host }) => {
    const other = host('cache-1');
    other.run('ip', 'addr', 'replace', `${ADDRESS}/32`, 'dev', 'host0');
    other.run('systemd-run', '-q', '--collect', `--unit=${UNIT}`, ...announce(-1));
  },
  heal: ({ host }) => {
    host('cache-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :
      ip addr del ${ADDRESS}/32 dev host0 2>/dev/null || :`);
    // Who has heard the wrong one would believe it for a while.
    host('pay-1').run(...announce(5));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'certificate-expired',
    ],
  },
});
