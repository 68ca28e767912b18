import { endLoad, startLoad } from '../faults/load.js';
import { runUwsgiShop } from '../faults/uwsgi-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop runs under uWSGI with two processes and a queue of eight on each host (--processes 2 --listen 8); a crowd asks for a page that keeps a process for three seconds.',
  because:
    'uWSGI says it itself: "*** uWSGI listen queue of socket 127.0.0.1:8000 full !!! (9/8) ***", again and again. Both processes of each host go from one request to the next, without CPU and without waiting for anybody outside: two places are too few for the crowd.',
  service: 'shop',
  users: [502, 503, 504],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) => runUwsgiShop(host, '--processes 2', '--listen 8'));
    await untilWell(lab);
    startLoad('http://shop.lab.test/sleep?3', 90);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: ['balancer', 'proxy'],
    notSaid: ['dependency', 'database-connections', 'not-started', 'deployment', 'deliberate', 'routing'],
  },
});
