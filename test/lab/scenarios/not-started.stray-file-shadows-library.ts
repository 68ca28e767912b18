import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const FOLDER = '/srv/desk/releases/d7';

export default defineScenario({
  fault:
    'Somebody once left a small script for looking into the cache in the folder of the release and called it redis.py; it shows now that every host was restarted.',
  because:
    'Python takes the script for the library: "module \'redis\' has no attribute \'Redis\'" as each worker boots, and gunicorn ends with "Worker failed to boot". Redis itself is well and was not even asked; the release is old.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`echo 'HOST, PORT = "cache.lab.test", 6379' >${FOLDER}/redis.py
        touch -d '9 days ago' ${FOLDER}/redis.py ${FOLDER}; systemctl restart --no-block desk`),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`rm -f ${FOLDER}/redis.py; touch -d '9 days ago' ${FOLDER}`);
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'overload', 'routing', 'deliberate'],
  },
});
