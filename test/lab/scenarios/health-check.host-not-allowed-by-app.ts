import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

/** What frameworks do with a name that they were not told of. */
const GUARD = [
  'ALLOWED_HOSTS = ("desk.lab.test", "localhost", "127.0.0.1")',
  '',
  '',
  'def app(environ, start_response):',
  '    host = environ.get("HTTP_HOST", "").split(":")[0]',
  '    if host not in ALLOWED_HOSTS:',
  '        print("Invalid HTTP_HOST header: %r. You may need to add %r to ALLOWED_HOSTS." % (host, host), file=sys.stderr, flush=True)',
  '        page = b"<h1>Bad Request (400)</h1>"',
  '        start_response("400 Bad Request", [("Content-Type", "text/html"), ("Content-Length", str(len(page)))])',
  '        return [page]',
].join('\\n');

export default defineScenario({
  fault:
    'To tell the checks of the balancer from customers in the log, somebody gave them a Host of their own (haproxy-check); the app of the desk serves the names only that it was told of, and says 400 to any other.',
  because:
    'Every member is DOWN with L7STS 400, and in its log the app complains of the name haproxy-check with each check. With the name that customers use the page and the health page are 200 on every host, at once, and so is the health page under 127.0.0.1. Nothing is wrong but the question of the balancer.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    lab.web.forEach((host) =>
      wakeBug(host, 'desk', 'main.py', `s|^def app(environ, start_response):$|${GUARD}|`),
    );
    changeBalancer(lab, '/^backend desk/,$s/hdr Host desk.lab.test/hdr Host haproxy-check/');
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.web.forEach((host) => {
      bugSleeps(host, 'desk', 'main.py');
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely'],
    root: ['member-down-though-healthy', 'health-endpoint-misplaced'],
    hop: 'balancer',
    notSaid: [
      ...(['not-started', 'overload', 'deliberate', 'dependency'] as const),
      ...(['database-connections', 'deployment', 'routing'] as const),
    ],
  },
});
