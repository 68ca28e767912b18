import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const FOLDER = '/srv/desk/releases/d7';
const KEPT = '/root/desk-main.kept';

export default defineScenario({
  fault:
    'In a hurry somebody copied the new files of the desk over those of the current release on every host and restarted it, without a release of their own; they need a newer SQLAlchemy than the hosts have.',
  because:
    'Each start ends with "cannot import name DeclarativeBase from sqlalchemy.orm", on every host since its restart. The link is as old as ever, but the code in the folder to which it leads is minutes old and was written just before the restart: a deploy of a poor form, whose code does not start here. The package itself is as old as the system.',
  service: 'desk',
  users: [503],
  settleSeconds: 10,
  inject: ({ web }) => {
    for (const host of web)
      host.sh(`[ -e ${KEPT} ] || cp -p ${FOLDER}/main.py ${KEPT}
        sed 's/^from sqlalchemy import .*/&\\nfrom sqlalchemy.orm import DeclarativeBase/' ${KEPT} >${FOLDER}/main.py.upload
        mv -f ${FOLDER}/main.py.upload ${FOLDER}/main.py
        systemctl restart --no-block desk`);
  },
  heal: ({ web }) => {
    for (const host of web) {
      host.sh(`rm -f ${FOLDER}/main.py.upload
        [ ! -e ${KEPT} ] || mv -f ${KEPT} ${FOLDER}/main.py
        find /srv/desk -exec touch -h -d '9 days ago' {} +`);
      startAnew(host, 'desk');
    }
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    // Only the times of the files tell of it: a start that fails for its code is as much as is known without.
    root: ['release-failing', 'release-erring', 'rollout-in-progress', 'unit-crash-looping'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'overload', 'routing', 'deliberate'],
  },
});
