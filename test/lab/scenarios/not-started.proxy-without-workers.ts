import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx was to be upgraded while it runs, and the upgrade was broken off half way on every host: the old one has sent its workers home (SIGWINCH), and there is no new one.',
  because:
    'The unit is active and port 80 open, for the first process of nginx holds it, and the kernel takes each connection; nobody ever asks for it, and the check gets no answer. The app answers 200 on 8000. nginx has no worker left: that is no load, there is none.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`main=$(cat /run/nginx.pid); kill -WINCH "$main"
        timeout 20 sh -c "while pgrep -P $main >/dev/null; do sleep 0.2; done"`),
    ),
  heal: ({ web }) => web.forEach((host) => host.run('systemctl', 'restart', 'nginx')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: ['balancer', 'proxy'],
    notSaid: [
      'dependency',
      'database-connections',
      'deployment',
      'deliberate',
      'wrong-upstream',
      'no-route-matched',
      'unit-inactive',
      'unit-failed',
    ],
  },
});
