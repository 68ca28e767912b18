import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'One class of requests, a report whose statement takes the database half a minute, owns every worker.',
  because:
    'The workers use no CPU and wait for the database, where each of them runs one long statement: load is the consequence.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 6,
  inject: () => startLoad('http://shop.lab.test/report?30', 30),
  heal: ({ web, host }) => {
    endLoad();
    web.forEach((each) => startAnew(each, 'shop'));
    host('db-1').sh(
      `su postgres -c "psql -qtc \\"select count(pg_terminate_backend(pid)) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()\\"" >/dev/null`,
    );
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    root: 'dependency-slow',
    hop: 'balancer',
    notSaid: ['not-started'],
  },
});
