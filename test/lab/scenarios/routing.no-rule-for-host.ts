import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "The balancer's rule names another host than the one that users call, and there is no default.",
  because:
    "HAProxy logs the frontend's name twice with <NOSRV> SC: no pool was chosen. All members are up and the app answers.",
  service: 'desk',
  users: [503],
  inject: (lab) => changeBalancer(lab, 's/-i desk.lab.test/-i helpdesk.lab.test/'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: 'confirmed',
    root: 'no-route-matched',
    hop: 'balancer',
    notSaid: ['not-started', 'deployment', 'deliberate', 'overload'],
  },
});
