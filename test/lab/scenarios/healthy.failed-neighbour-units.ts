import { defineScenario } from '../scenario.js';

const JOB = 'lab-backup';

export default defineScenario({
  fault: 'A backup failed on every host of the app and on that of the database, with words of a full disk.',
  because:
    'Users get 200. A failed unit that the service does not need, and what it says of its own disk, are no cause.',
  service: 'shop',
  users: [200],
  settleSeconds: 3,
  inject: ({ web, host }) =>
    [...web, host('db-1')].forEach((each) =>
      each.run(
        ...['systemd-run', '-q', `--unit=${JOB}`, 'sh', '-c'],
        'echo "FATAL: /backup: No space left on device"; exit 1',
      ),
    ),
  heal: ({ web, host }) =>
    [...web, host('db-1')].forEach((each) => each.sh(`systemctl reset-failed ${JOB} 2>/dev/null || :`)),
  expect: { status: 'healthy', cause: null },
});
