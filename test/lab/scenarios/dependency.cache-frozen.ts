import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The process of Redis is stopped by SIGSTOP; its port is open.',
  because: 'The kernel accepts connections and nobody answers: the app says "Timeout reading from socket".',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ host }) => void host('cache-1').run('systemctl', 'kill', '-s', 'STOP', 'redis-server'),
  heal: (lab) => {
    lab.host('cache-1').run('systemctl', 'kill', '-s', 'CONT', 'redis-server');
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
