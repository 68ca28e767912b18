import { endDeployTool, startDeployTool } from '../faults/deploy-tool.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A deploy has stopped the app on every host at once and is still at work there.',
  because:
    'All units were stopped cleanly within a second while a deploy tool runs on each host: it is under way, and nobody forgot to start them.',
  service: 'desk',
  users: [503],
  settleSeconds: 3,
  inject: ({ web }) =>
    web.forEach((host) => {
      startDeployTool(host);
      host.run('systemctl', 'stop', 'desk');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      endDeployTool(host);
      host.run('systemctl', 'start', 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['rollout-in-progress'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'routing'],
  },
});
