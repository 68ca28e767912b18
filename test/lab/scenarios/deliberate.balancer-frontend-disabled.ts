import { askBalancer } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody disabled the frontend of the users on the socket of the balancer for a window of maintenance, and forgot it.',
  because:
    'HAProxy runs and calls every member UP, and its configuration says port 80; connections to it are refused, and no request of a user is in its log since the line that tells of the frontend being paused. Every app answers.',
  service: 'desk',
  users: [0],
  settleSeconds: 4,
  inject: (lab) => void askBalancer(lab, 'disable frontend public'),
  heal: (lab) => void askBalancer(lab, 'enable frontend public'),
  // Paused on purpose, or simply not listening: what to do is the same, and either is true.
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['maintenance-mode', 'request-denied', 'balancer-not-listening'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'health-check'],
  },
});
