import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'WatchdogSec= is set for a program that feeds no watchdog, and Restart=no.',
  because: 'Result watchdog: systemd itself ended the app with SIGABRT.',
  service: 'desk',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => changeUnit(host, 'desk', ['[Service]', 'WatchdogSec=2', 'Restart=no'])),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-failed',
    hop: 'balancer',
  },
});
