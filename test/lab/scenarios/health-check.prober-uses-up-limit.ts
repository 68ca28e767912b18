import type { LabHost } from '../host.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';
import { HOSTS, WEB } from '../topology.js';

const FILE = '/etc/nginx/conf.d/lab-probes.conf';
const UNIT = 'lab-prober';

/** Asks the health page of each of these addresses five times a second, whatever it says. */
const PROBER = `
import http.client, sys, time
while True:
    for address in sys.argv[1:]:
        try:
            connection = http.client.HTTPConnection(address, timeout=2)
            connection.request("GET", "/health/", headers={"Host": "shop.lab.test", "User-Agent": "prober/1.2"})
            connection.getresponse().read()
            connection.close()
        except OSError:
            pass
    time.sleep(0.2)
`;

const limitHealthPage = (host: LabHost): void => {
  host.sh(`echo 'limit_req_zone $server_name zone=probes:1m rate=6r/m;' >${FILE}`);
  addToNginx(host, [
    'location = /health/ {',
    'limit_req zone=probes;',
    'proxy_set_header Host $host;',
    'proxy_pass http://127.0.0.1:8000;',
    '}',
  ]);
};

const limitNoMore = (host: LabHost): void => {
  removeFromNginx(host);
  host.sh(`rm -f ${FILE}; touch -h -d '9 days ago' /etc/nginx/conf.d; nginx -t -q; systemctl reload nginx`);
};

export default defineScenario({
  fault:
    'nginx lets the health page be asked six times a minute in all, because it is dear; a new monitoring on another host asks for it five times a second on every host and leaves nothing for the balancer.',
  because:
    'All members are DOWN with L7STS 503, which is the 503 of nginx: "limiting requests … by zone probes", for the balancer and for the monitoring alike. The app says 200 on its own port, and nginx serves every other page. A limit that is meant so meets a check that nobody counted with.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: (lab) => {
    const addresses = WEB.map((name) => HOSTS[name].address);
    const start = ['systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'python3', '-c', PROBER];
    lab.host('pay-1').run(...start, ...addresses);
    lab.web.forEach(limitHealthPage);
  },
  heal: (lab) => {
    lab.host('pay-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :`);
    lab.web.forEach(limitNoMore);
  },
  expect: {
    // A limit that does what it says, or a check that does not fit it: both are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'rate-limited',
      'member-down-though-healthy',
      'health-endpoint-misplaced',
      'health-endpoint-failing',
    ],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'deployment', 'routing'],
  },
});
