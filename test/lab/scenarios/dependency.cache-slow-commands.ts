import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody runs commands in Redis that take four seconds each, one after another.',
  because: 'Redis does one thing at a time: each of them is silence for all.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) =>
    void lab
      .host('cache-1')
      .run(
        ...['systemd-run', '-q', '--unit=slow-commands', 'sh', '-c'],
        'while :; do redis-cli --no-auth-warning -a cache-secret DEBUG SLEEP 4; sleep 0.1; done',
      ),
  heal: (lab) => void lab.host('cache-1').sh('systemctl stop slow-commands 2>/dev/null || true'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-slow',
    notSaid: ['cpu-saturated', 'database-connections'],
  },
});
