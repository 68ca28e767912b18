import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Redis was restarted with a hardened configuration in which INCRBY no longer exists.',
  because: 'PING and INFO work, the app is told "unknown command" for what every page does.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ host }) =>
    void host('cache-1').sh(
      `echo 'rename-command INCRBY ""' >>/etc/redis/redis.conf; systemctl restart redis-server`,
    ),
  heal: ({ host }) =>
    void host('cache-1').sh('sed -i /rename-command/d /etc/redis/redis.conf; systemctl restart redis-server'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started'],
  },
});
