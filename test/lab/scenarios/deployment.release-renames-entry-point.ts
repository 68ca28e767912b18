import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Release r42 calls its entry create_app, and the unit on every host still asks for application.',
  because:
    "Since the link changed gunicorn ends at each start: \"Failed to find attribute 'application' in 'app'\". The unit is old, the release is new: they do not fit.",
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) =>
      deploy(host, { service: 'shop', release: 'r42', edit: 's/^def application(/def create_app(/' }),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'release-failing',
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'overload', 'routing'],
  },
});
