import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { restart } from '../faults/restart.js';
import { defineScenario } from '../scenario.js';
import { HOSTS } from '../topology.js';

const RELAY = HOSTS['ns-1'].address;

const ASK_RELAY = [
  's/^import os$/&\\nimport smtplib/',
  `s/^    return page(payments=False)/    try:\\n        smtplib.SMTP("${RELAY}", 25, timeout=3).quit()\\n    except OSError as error:\\n        print("health: mail relay ${RELAY}:25: %s" % error, flush=True)\\n        return "503 Service Unavailable", {"status": "failing", "mail": str(error)}\\n&/`,
].join('; ');

export default defineScenario({
  fault:
    'The health page of the shop also greets the mail relay, as somebody wanted it years ago; the relay was switched off for a newer one. No page sends mail: a job in the night does.',
  because:
    'All members are DOWN with L7STS 503, and the health page of each host says why: the mail relay refuses the connection. Every other page is 200 on every host, and database, cache and payments are well. A check that asks more than a page needs takes the whole shop away; whoever names the relay as the beginning is right as well.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) => web.forEach((host) => wakeBug(host, 'shop', 'app.py', ASK_RELAY)),
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      restart([host], 'shop');
    }),
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'health-endpoint-failing',
      'member-down-though-healthy',
      'undeclared-dependency',
      'app-blames-dependency',
    ],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});
