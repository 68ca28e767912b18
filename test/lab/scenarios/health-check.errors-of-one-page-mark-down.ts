import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The balancer also watches real answers (observe layer7) and takes a member out after five errors in a row; a crawler asks for a page that is always an error.',
  because:
    'All members are DOWN by consecutive errors although each check since then passed and the start page is 200 on every host: the balancer judges by a page that nobody needs.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    changeBalancer(
      lab,
      '/^backend desk/,$ s/rise 2/rise 40 observe layer7 error-limit 5 on-error mark-down/',
    );
    startLoad('http://desk.lab.test/slow?x', 4, 50);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'deployment', 'routing'],
  },
  wrongBecause:
    'That HAProxy counts errors of real answers stands in its configuration, which is not read; members whose checks pass and are counted again are taken for ones that come back.',
});
