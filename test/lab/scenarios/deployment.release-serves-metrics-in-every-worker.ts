import { endLoad, startLoad } from '../faults/load.js';
import { link, removeReleases, unpack } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

/** The new release counts its pages and shows the number to a Prometheus, as the README of such a library has it. */
const METRICS = [
  'import http.server',
  'import threading',
  '',
  'metrics = None',
  'shown = 0',
  '',
  '',
  'class Metrics(http.server.BaseHTTPRequestHandler):',
  '    def do_GET(self):',
  '        body = b"shop_pages_total %d\\n" % shown',
  '        self.send_response(200)',
  '        self.send_header("Content-Type", "text/plain; version=0.0.4")',
  '        self.send_header("Content-Length", str(len(body)))',
  '        self.end_headers()',
  '        self.wfile.write(body)',
  '',
  '    def log_message(self, *_):',
  '        pass',
  '',
  '',
  'def count_page():',
  '    global metrics, shown',
  '    if metrics is None:',
  '        metrics = http.server.HTTPServer(("127.0.0.1", 9108), Metrics)',
  '        threading.Thread(target=metrics.serve_forever, daemon=True).start()',
  '    shown += 1',
  '',
  '',
].join('\n');
const COUNT = 's/^        if payments:$/&\\n            step = "metrics"\\n            count_page()/';
const UNTIL_BACK =
  "timeout 20 sh -c 'until curl -sf -o /dev/null http://127.0.0.1:8000/health/; do sleep 0.3; done'";

export default defineScenario({
  fault:
    'Release r42 opens a port for its metrics with the first page that a process shows. On the laptop of its author there was one process; here each host has three workers, of which the first gets the port. It was rolled out host by host, and the health page was content each time.',
  because:
    'About two pages in three fail with 503 of the app, on every host alike, and its log says "metrics: [Errno 98] Address already in use", a word that no release before r42 has; the first of them came within seconds of its start. The unit runs, its own port is open, one worker of each host is well, and whatever the app asks answers.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 14,
  inject: ({ web }) => {
    for (const host of web) {
      unpack(host, { service: 'shop', release: 'r42', begins: METRICS, edit: COUNT });
      link(host, 'shop', 'r42');
      host.sh(`systemctl restart shop; ${UNTIL_BACK}`);
    }
    startLoad('http://shop.lab.test/', 4, 300);
  },
  heal: ({ web }) => {
    endLoad();
    for (const host of web) {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring-in-part', 'release-erring', 'release-failing'],
    hop: 'app',
    notSaid: [
      'dependency',
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});
