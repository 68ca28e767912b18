import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

/** What a pool has for the time in which nobody else is there. */
const SORRY = `
from http.server import BaseHTTPRequestHandler, HTTPServer
class Sorry(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"<h1>We are being maintained</h1>"
        self.send_response(503)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
HTTPServer(("127.0.0.1", 8503), Sorry).serve_forever()
`;

export default defineScenario({
  fault:
    'The app is stopped on every host, and a backup server of the pool answers for it with 503 and a page about maintenance.',
  because:
    'The 503 is what the backup server always says, and it is asked because all members are DOWN with L4CON: the units are inactive, and nobody switched on a maintenance.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    lab.host('lb-1').run('systemd-run', '-q', '--collect', '--unit=lab-sorry', 'python3', '-c', SORRY);
    changeBalancer(lab, 's/^    server web-3 .*:9100$/&\\n    server sorry 127.0.0.1:8503 backup no-check/');
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'desk'));
  },
  heal: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'start', 'desk'));
    restoreBalancer(lab);
    lab.host('lb-1').sh('systemctl stop lab-sorry 2>/dev/null || :');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    notSaid: ['deliberate', 'routing', 'deployment', 'dependency'],
  },
});
