import type { Lab } from '../lab.js';
import { HOSTS, WEB } from '../topology.js';

const UNIT = 'lab-scanner';

/** Opens so many connections to each of these addresses, says nothing on them, and opens each anew that was ended. */
const PROGRAM = `
import select, socket, sys, time
port, count = int(sys.argv[1]), int(sys.argv[2])
kept = {}
while True:
    for address in sys.argv[3:]:
        for place in range(count):
            try:
                old = kept.get((address, place))
                if old is not None and select.select([old], [], [], 0)[0]:
                    old.close()
                    old = None
                if old is None:
                    kept[address, place] = socket.create_connection((address, port), timeout=2)
            except OSError:
                kept.pop((address, place), None)
    time.sleep(0.5)
`;

/** A program on the host of the cache that keeps connections to the app of each host and never asks anything. */
export function startSilentClients({ host }: Lab, port: number, count: number): void {
  const addresses = WEB.map((name) => HOSTS[name].address);
  const start = ['systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'python3', '-c', PROGRAM];
  host('cache-1').run(...start, String(port), String(count), ...addresses);
}

export const endSilentClients = ({ host }: Lab): void => {
  host('cache-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :`);
};
