import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Every process of the database server is stopped by SIGSTOP; its port is open.',
  because:
    'The kernel accepts connections and nobody answers; every worker of the shop waits for it, and so does every other login.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 8,
  inject: ({ host }) => void host('db-1').run('systemctl', 'kill', '-s', 'STOP', 'postgresql@15-main'),
  heal: (lab) => {
    lab.host('db-1').run('systemctl', 'kill', '-s', 'CONT', 'postgresql@15-main');
    lab.web.forEach((host) => startAnew(host, 'shop'));
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'dependency-slow', 'dependency-failing'],
    hop: 'balancer',
    notSaid: ['database-connections', 'deployment', 'not-started'],
  },
});
