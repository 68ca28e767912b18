import { giveGroups, takeGroups } from '../faults/blindness.js';
import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The payment service no longer has the page that the shop asks for (404), and diag503 may not read the journals of the web hosts.',
  because:
    'What users get names payments and its 404, and the same request from each host gets 404: that needs no journal.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    lab.web.forEach((host) => takeGroups(host, ['adm', 'systemd-journal']));
    setPayments(lab, 'status 404');
  },
  heal: (lab) => {
    setPayments(lab, 'ok');
    lab.web.forEach(giveGroups);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'app',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'health-check', 'deliberate'],
  },
});
