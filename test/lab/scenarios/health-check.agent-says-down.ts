import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'An agent on every host tells the balancer "down" since its script broke; the check itself passes.',
  because: 'HAProxy shows the members as DOWN (agent): the last HTTP check was 200, and the app answers.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: (lab) => {
    lab.web.forEach((host) =>
      host.run(
        'systemd-run',
        '-q',
        '--collect',
        '--unit=lab-agent',
        'socat',
        'TCP-LISTEN:9777,fork,reuseaddr',
        'SYSTEM:echo down',
      ),
    );
    changeBalancer(lab, 's/^    server web-.*:9100$/& agent-check agent-port 9777 agent-inter 1s/');
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.web.forEach((host) => host.sh('systemctl stop lab-agent || :'));
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'deployment', 'routing'],
  },
});
