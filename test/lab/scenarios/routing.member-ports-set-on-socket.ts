import { defineScenario } from '../scenario.js';
import { HOSTS, WEB } from '../topology.js';
import { askBalancer } from '../wellness.js';

export default defineScenario({
  fault:
    'For a trial of a second colour somebody led the members of the desk to port 9110 on the socket of the balancer (set server … addr … port) and took the second colour down afterwards; nobody led them back, and the file still says 9100.',
  because:
    'All members are DOWN with L4CON: on every host port 9110, at which the running balancer asks, is closed. The unit is active and answers on 9100, as ever. The file of the balancer is right, and what runs is not.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: (lab) =>
    WEB.forEach((name) => askBalancer(lab, `set server desk/${name} addr ${HOSTS[name].address} port 9110`)),
  // What was said on the socket is forgotten with a reload.
  heal: (lab) => void lab.host('lb-1').run('systemctl', 'reload', 'haproxy'),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'wrong-upstream'],
    hop: 'balancer',
    notSaid: [
      'unit-inactive',
      'unit-failed',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'deliberate',
    ],
  },
});
