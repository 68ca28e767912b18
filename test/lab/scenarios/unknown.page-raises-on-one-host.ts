import { giveGroups, takeGroups } from '../faults/blindness.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The start page raises an exception on web-2 alone, in code as old as that of the others, and diag503 may not read the journal there.',
  because:
    'A third of the pages get 500 of the app on web-2, whose checks pass. The traceback stands in the one journal that cannot be read: where it is can be told, why cannot.',
  service: 'shop',
  users: [200, 500],
  settleSeconds: 10,
  inject: ({ host }) => {
    takeGroups(host('web-2'), ['adm', 'systemd-journal']);
    wakeBug(
      host('web-2'),
      'shop',
      'app.py',
      's/^    if path in PAGES:/    if path == "\\/":\\n        raise LookupError("no such locale")\\n&/',
    );
  },
  heal: ({ host }) => {
    giveGroups(host('web-2'));
    bugSleeps(host('web-2'), 'shop', 'app.py');
    startAnew(host('web-2'), 'shop');
  },
  expect: {
    status: 'inconclusive',
    cause: null,
    notSaid: [
      'dependency',
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'deliberate',
      'routing',
    ],
  },
});
