import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer itself returns a page with 503 for the desk, by http-request return.',
  because:
    'HAProxy logs LR without a member; the page is its own text. All members are up, and the app answers.',
  service: 'desk',
  users: [503],
  inject: (lab) =>
    changeBalancer(
      lab,
      's,^backend desk,&\\n    http-request return status 503 content-type text/html string "Back at six",',
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['request-denied', 'maintenance-mode'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'health-check', 'routing', 'deployment'],
  },
});
