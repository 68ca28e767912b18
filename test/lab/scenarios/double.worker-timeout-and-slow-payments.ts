import { setPayments } from '../faults/payments.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The payment service takes seven seconds, and gunicorn ends each worker that is silent for three: since a restart of every host just now.',
  because:
    'Workers die one after the other with WORKER TIMEOUT, and nginx says 502 of a connection that was closed too early. Each of them had waited for payments, which is slow from every host.',
  service: 'shop',
  users: [0, 502, 503, 504],
  settleSeconds: 12,
  inject: (lab) => {
    lab.web.forEach((host) =>
      changeUnit(host, 'shop', [
        '[Service]',
        'ExecStart=',
        'ExecStart=/usr/bin/gunicorn --workers 3 --backlog 16 --bind 127.0.0.1:8000 --timeout 3 --graceful-timeout 3 app:application',
      ]),
    );
    setPayments(lab, 'slow 7');
  },
  heal: (lab) => {
    setPayments(lab, 'ok');
    lab.web.forEach((host) => restoreUnit(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-slow',
    notSaid: ['not-started', 'deployment', 'database-connections', 'routing'],
  },
});
