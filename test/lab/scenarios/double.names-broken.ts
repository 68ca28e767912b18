import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The name server is down: the app finds neither database nor cache nor payments.',
  because: 'Not one name can be looked up from any host: one root for three dependencies that are all well.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ web, host }) => {
    host('ns-1').run('systemctl', 'stop', 'dnsmasq');
    web.forEach((each) => startAnew(each, 'shop'));
  },
  heal: ({ web, host }) => {
    host('ns-1').run('systemctl', 'start', 'dnsmasq');
    web.forEach((each) => startAnew(each, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    root: 'dependency-unreachable',
    notSaid: ['overload', 'deployment', 'not-started', 'database-connections'],
  },
});
