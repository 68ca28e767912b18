import { setTimeout as sleep } from 'node:timers/promises';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

const MARK = '/run/desk-deploying';
const AGENT = '/usr/local/bin/desk-agent';
const UNIT = 'desk-agent';

export default defineScenario({
  fault:
    'A small agent on each host tells the balancer "drain" while the mark of a deploy is there, and "ready" otherwise. Release d8 came out on every host and works; the last step of its deploy, which removes the mark, never ran.',
  because:
    'All members are drained, by their agent, since the deploy: they pass their check and get no new request, and the balancer says 503 without a server. d8 answers 200 on every host. What took them out is the deploy that did not end; neither the release nor the health page is sick.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: async (lab) => {
    for (const host of lab.web) {
      host.sh(`printf '#!/bin/sh\\nif [ -e ${MARK} ]; then echo drain; else echo up ready; fi\\n' >${AGENT}
        chmod 755 ${AGENT}; touch -d '9 days ago' ${AGENT}`);
      host.run(
        ...['systemd-run', '-q', '--collect', `--unit=${UNIT}`, '--property=TimeoutStopSec=3'],
        ...['socat', 'TCP-LISTEN:9777,fork,reuseaddr', `SYSTEM:${AGENT}`],
      );
    }
    changeBalancer(lab, 's/^    server web-.*:9100$/& agent-check agent-port 9777 agent-inter 1s/');
    await sleep(3000);
    await untilUsersGet('http://desk.lab.test/', [200]);
    for (const host of lab.web) {
      host.run('touch', MARK);
      deploy(host, { service: 'desk', release: 'd8', begins: '# New texts.' });
    }
    await sleep(6000);
  },
  heal: (lab) => {
    restoreBalancer(lab);
    for (const host of lab.web) {
      host.sh(`systemctl stop ${UNIT} 2>/dev/null || :; rm -f ${MARK} ${AGENT}`);
      removeReleases(host, 'desk');
      startAnew(host, 'desk');
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-draining', 'rollout-in-progress'],
    hop: 'balancer',
    notSaid: [
      'release-failing',
      'release-erring',
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'routing',
    ],
  },
});
