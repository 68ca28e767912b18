import type { LabHost } from '../host.js';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'node-check';
const FILE = '/opt/node-check/node_check.py';

const PROGRAM = `"""Tells the load balancer whether this node may take traffic."""
import http.server
import subprocess

WATCHED = "ticketdesk.service"


class NodeCheck(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked = subprocess.run(["systemctl", "is-active", WATCHED], capture_output=True, text=True)
        state = asked.stdout.strip()
        body = ("%s: %s\\n" % (WATCHED, state)).encode()
        self.send_response(200 if state == "active" else 503)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("0.0.0.0", 9180), NodeCheck).serve_forever()
`;

const startNodeCheck = (host: LabHost): void => {
  host.run('sh', '-euc', `mkdir -p /opt/node-check; printf '%s' "$1" >${FILE}`, 'sh', PROGRAM);
  host.sh(`find /opt/node-check -exec touch -d '9 days ago' {} +`);
  const start = ['systemd-run', '-q', '--collect', `--unit=${UNIT}`, '--property=TimeoutStopSec=3'];
  host.run(...start, 'python3', FILE);
};

export default defineScenario({
  fault:
    'The balancer asks a small program on port 9180 of each host whether the desk may take traffic; it asks systemd for the unit ticketdesk, which has been called desk since the units were given new names.',
  because:
    'All members are DOWN with L7STS 503, and it is port 9180 that says so: "ticketdesk.service: inactive", a unit that no host has. The unit desk is active on every host, its own health page and its pages are 200 on port 9100, where users would be sent. Only what the balancer asks is wrong.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    lab.web.forEach(startNodeCheck);
    changeBalancer(lab, 's,uri /status ver,uri /node ver,; s/^    server web-.*:9100$/& check port 9180/');
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.web.forEach((host) => host.sh(`systemctl stop ${UNIT} 2>/dev/null || :; rm -rf /opt/node-check`));
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-down-though-healthy', 'health-endpoint-failing', 'health-endpoint-misplaced'],
    hop: 'balancer',
    notSaid: [
      'not-started',
      'overload',
      'deliberate',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
    ],
  },
});
