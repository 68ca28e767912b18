import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A script in Redis does not end.',
  because: 'Redis does one thing at a time; after five seconds it says BUSY to everybody.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) =>
    lab
      .host('cache-1')
      .start(...'redis-cli --no-auth-warning -a cache-secret EVAL'.split(' '), 'while true do end', '0'),
  heal: (lab) =>
    void lab.host('cache-1').sh('redis-cli --no-auth-warning -a cache-secret SCRIPT KILL || true'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: ['dependency-failing', 'dependency-slow'],
    hop: 'balancer',
    notSaid: ['cpu-saturated', 'database-connections'],
  },
});
