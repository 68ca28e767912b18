import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The balancer lets one request into each member of the desk, and a crowd asks for pages of two seconds.',
  because:
    'HAProxy logs <NOSRV> sQ: requests waited four seconds in its queue. Each member has threads, connections and CPU to spare.',
  service: 'desk',
  users: [200, 503],
  settleSeconds: 35,
  inject: (lab) => {
    changeBalancer(lab, 's/^    server web-.*:9100$/& maxconn 1/');
    startLoad('http://desk.lab.test/slow?2', 24);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['concurrency-limited', 'workers-busy'],
    hop: 'balancer',
    notSaid: ['not-started', 'database-connections', 'routing', 'deployment', 'dependency'],
  },
});
