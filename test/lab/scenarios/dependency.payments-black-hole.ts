import { HOSTS } from '../topology.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const WEB = [HOSTS['web-1'], HOSTS['web-2'], HOSTS['web-3']].map(({ address }) => address);
const routes = (lab: Lab, verb: 'add' | 'del'): void => {
  const host = lab.host('pay-1');
  for (const address of WEB) host.run('ip', 'route', verb, 'blackhole', `${address}/32`);
};

export default defineScenario({
  fault: 'What the payment service answers to the web hosts is lost on the way: a connection never opens.',
  because:
    'No SYN is answered, from any of the hosts, while all other dependencies answer: a firewall or a route, and every page waits for it.',
  service: 'shop',
  // The page gives up after 8 s, an impatient user before it.
  users: [503, 504, 0],
  settleSeconds: 10,
  inject: (lab) => routes(lab, 'add'),
  heal: (lab) => routes(lab, 'del'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    root: 'dependency-unreachable',
    notSaid: ['not-started', 'database-connections', 'deployment'],
  },
});
