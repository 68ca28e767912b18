import { changeBalancer, restoreBalancer, writeBalancerPage } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

const PAGE = '/etc/haproxy/sorry.http';

export default defineScenario({
  fault:
    "The app is stopped on every host, and the balancer's own 503 has been a page about maintenance for long.",
  because:
    'Nobody switched anything off: HAProxy logs <NOSRV> SC, all members are DOWN with L4CON and the units are inactive. The page only says what it always says.',
  service: 'desk',
  users: [503],
  inject: (lab) => {
    writeBalancerPage(lab, PAGE, '<h1>We are down for maintenance</h1><p>and will be right back.</p>');
    changeBalancer(lab, `s,^backend desk,&\\n    errorfile 503 ${PAGE},`);
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'desk'));
  },
  heal: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'start', 'desk'));
    restoreBalancer(lab);
    lab.host('lb-1').run('rm', '-f', PAGE);
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    hop: 'balancer',
    notSaid: ['deliberate', 'routing', 'deployment'],
  },
});
