import type { LabHost } from '../host.js';
import { endProgram, startProgram } from '../faults/background-program.js';
import { freeDisk } from '../faults/full-disk.js';
import { edited } from '../faults/other-shop.js';
import { endPhpShop, runPhpShop, USUAL_CHILDREN } from '../faults/php-shop.js';
import { defineScenario } from '../scenario.js';
import { HOSTS } from '../topology.js';
import { untilWell } from '../wellness.js';

const SESSIONS = '/var/lib/php/sessions';
const CRAWLER = 'pricescout';

const code = (index: string): string =>
  edited(index, [
    [
      'function page(): array\n{\n',
      "function page(): array\n{\n    session_start();\n    $_SESSION['last_seen'] = time();\n",
    ],
  ]);

/** It keeps no cookie, so each of its requests is a new visitor. */
const CRAWL = `
import threading, time, urllib.request
AGENT = "Mozilla/5.0 (compatible; PriceScout/2.1; +https://pricescout.example/bot)"
def crawl(article):
    while True:
        try:
            request = urllib.request.Request("http://${HOSTS['lb-1'].address}/products/%d" % article,
                                             headers={"Host": "shop.lab.test", "User-Agent": AGENT})
            urllib.request.urlopen(request, timeout=10).read()
        except Exception:
            pass
        article += 6
        time.sleep(0.08)
for first in range(6):
    threading.Thread(target=crawl, args=(first,)).start()
`;

const UNTIL_FULL = `for i in $(seq 100); do
    [ "$(df --output=iavail ${SESSIONS} | tail -n 1 | tr -d ' ')" = 0 ] && exit 0; sleep 0.3; done; exit 1`;

const rebuilt = ({ name }: LabHost): boolean => name !== 'web-3';

export default defineScenario({
  fault:
    'A shop of PHP keeps its sessions in files, on a small file system of their own since web-1 and web-2 were rebuilt, and on the big disk of web-3. A crawler without cookies gets a new session with each page; nothing cleans them away.',
  because:
    'Two of three pages fail, on web-1 and web-2 alone: "session_start(): open(/var/lib/php/sessions/sess_…, O_RDWR) failed: No space left on device (28)". Hardly a block is used there, but df -i says 100 %. The health page opens no session, so members stay up; children are idle, and all that the shop depends on answers.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 8,
  inject: async (lab) => {
    for (const host of lab.web) {
      if (rebuilt(host)) host.sh(`mount -t tmpfs -o size=16m,nr_inodes=120,mode=1733 sessions ${SESSIONS}`);
      runPhpShop(host, {
        pool: [...USUAL_CHILDREN, `php_admin_value[session.save_path] = ${SESSIONS}`],
        code,
      });
    }
    await untilWell(lab);
    for (const host of lab.web) host.sh('systemctl start dpkg-db-backup.service || :');
    startProgram(lab.host('pay-1'), CRAWLER, CRAWL);
    for (const host of lab.web.filter(rebuilt)) host.sh(UNTIL_FULL);
  },
  heal: (lab) => {
    endProgram(lab.host('pay-1'), CRAWLER);
    for (const host of lab.web) {
      endPhpShop(host);
      freeDisk(host, SESSIONS);
      host.sh(`find ${SESSIONS} -name 'sess_*' -delete`);
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'disk-full',
    hop: 'app',
    notSaid: [
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'workers-busy',
    ],
  },
});
