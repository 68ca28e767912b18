import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Every packet from Redis is two and a half seconds late.',
  because: 'Redis takes the connection and its answers come too late for the health check.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => void lab.host('cache-1').run(...'tc qdisc replace dev host0 root netem delay 2500ms'.split(' ')),
  heal: (lab) => void lab.host('cache-1').sh('tc qdisc del dev host0 root 2>/dev/null || true'),
  expect: { status: 'cause-found', cause: 'dependency', confidence: ['confirmed', 'likely'], root: ['dependency-slow', 'dependency-unreachable'], notSaid: ['overload', 'database-connections'] },
});
