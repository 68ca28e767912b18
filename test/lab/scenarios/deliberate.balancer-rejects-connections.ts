import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

const LIST = '/etc/haproxy/bad-addresses';

export default defineScenario({
  fault:
    'The list of bad addresses, whose connections the balancer closes before they say anything (tcp-request connection reject), has got a range in which the customers are.',
  because:
    'Users get no answer: port 80 is open, and each connection is closed at once. HAProxy logs no request of theirs and counts denied connections at its frontend; members are up, the app answers, and who is not on the list is served.',
  service: 'desk',
  users: [0],
  settleSeconds: 4,
  inject: (lab) => {
    lab
      .host('lb-1')
      .sh(`printf '198.51.100.0/24\\n10.203.0.0/29\\n' >${LIST}; touch -d '9 days ago' ${LIST}`);
    changeBalancer(lab, `s,^    bind :80$,&\\n    tcp-request connection reject if { src -f ${LIST} },`);
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('lb-1').run('rm', '-f', LIST);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'health-check',
      'routing',
    ],
  },
});
