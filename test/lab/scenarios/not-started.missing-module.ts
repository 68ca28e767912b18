import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const MODULE = '/usr/lib/python3/dist-packages/sqlalchemy';

export default defineScenario({
  fault:
    'A clean-up of packages took SQLAlchemy away from every host; the next restart shows it. The release is old.',
  because: 'The app names the missing module, but no release changed: nothing that a rollback would mend.',
  service: 'desk',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) => host.sh(`mv ${MODULE} ${MODULE}.kept; systemctl restart --no-block desk`)),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`[ ! -e ${MODULE}.kept ] || mv ${MODULE}.kept ${MODULE}`);
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['deployment'],
  },
});
