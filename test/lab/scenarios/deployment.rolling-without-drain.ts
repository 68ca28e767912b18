import { startDeployTool, endDeployTool } from '../faults/deploy-tool.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A deploy runs on every host: it restarts one after another without draining and without waiting for the slow start.',
  because:
    'The deploy tool runs, releases changed moments ago, and the apps only take their time to boot: it will pass.',
  service: 'desk',
  users: [503],
  inject: ({ web }) =>
    web.forEach((host) => {
      startDeployTool(host);
      layDropIn(host, 'desk', ['[Service]', 'ExecStartPre=/bin/sleep 40']);
      host.sh('systemctl daemon-reload');
      deploy(host, { service: 'desk', release: 'd8', begins: '# new texts' });
      host.sh('sleep 1');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      endDeployTool(host);
      removeReleases(host, 'desk');
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'rollout-in-progress',
    hop: 'balancer',
  },
});
