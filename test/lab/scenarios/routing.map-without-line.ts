import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

const MAP = '/etc/haproxy/hosts.map';

export default defineScenario({
  fault:
    'The balancer looks the pool up in a file of names, in which the line of the desk is misspelt; there is no default.',
  because:
    'HAProxy logs <NOSRV> SC for its frontend and no pool: no rule matched. All members of the pool are up, and the app answers.',
  service: 'desk',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    lab.host('lb-1').sh(`echo 'desk.lab.tset desk' >${MAP}; touch -d '9 days ago' ${MAP}`);
    changeBalancer(
      lab,
      `s|^    use_backend desk .*|    use_backend %[req.hdr(host),lower,map(${MAP})] if { req.hdr(host),lower,map(${MAP}) -m found }|`,
    );
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('lb-1').run('rm', '-f', MAP);
  },
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: 'no-route-matched',
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'deliberate', 'deployment', 'health-check'],
  },
});
