import { endProgram, startProgram } from '../faults/background-program.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const JOBS = 'job-scheduler';
const SIGN = '/run/jobs-heartbeat';

/** Gives its sign at every third part of the minute, as a timer by the clock does, on every host at the same time. */
const PROGRAM = `
import pathlib, time
while True:
    pathlib.Path("${SIGN}").touch()
    time.sleep(20 - time.time() % 20)
`;

/** The health page has always looked at that sign, too. */
const LOOKS = [
  's|^    return page(payments=False)$|    age = time.time() - os.path.getmtime("',
  SIGN,
  '")\\n    if age > 8:\\n        return "503 Service Unavailable", {"status": "failing", "jobs": "no heartbeat for %d s" % age}\\n&|',
].join('');

export default defineScenario({
  fault:
    'The health page of the shop also wants a sign of the scheduler of jobs that is no older than eight seconds. To spare the logs somebody had the scheduler give it every twenty seconds instead of every five, on every host.',
  because:
    'Every twenty seconds the balancer takes all members out for some ten seconds and says 503 itself, and takes them back. In all that time the page of customers is served on every host that is asked directly, and so is what it needs; only the health page says 503, for a job that no page waits for. The check is wrong, not the app.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 20,
  inject: ({ web }) => {
    web.forEach((host) => startProgram(host, JOBS, PROGRAM));
    web.forEach((host) => {
      host.sh(`timeout 10 sh -c 'until [ -e ${SIGN} ]; do sleep 0.1; done'`);
      wakeBug(host, 'shop', 'app.py', LOOKS);
    });
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
      endProgram(host, JOBS);
      host.run('rm', '-f', SIGN);
    }),
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'health-flapping',
      'health-endpoint-failing',
      'member-down-though-healthy',
      'health-endpoint-misplaced',
    ],
    hop: 'balancer',
    notSaid: [
      'dependency',
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
