import { defineScenario } from '../scenario.js';
import { endSessions, sql } from '../faults/sql.js';

export default defineScenario({
  fault: "The password of the shop's role was changed, and the app has the old one.",
  because: 'The app names the refused login; the login that looks is another and is let in.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    sql(lab, "alter role shop password 'rotated-secret'");
    endSessions(lab, 'shop');
  },
  heal: (lab) => void sql(lab, "alter role shop password 'shop-secret'"),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'app-refused-by-dependency',
    hop: 'balancer',
    notSaid: ['database-connections', 'overload'],
  },
});
