import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer asks for a health page that does not exist; on one host the app is stopped besides.',
  because:
    'Two hosts serve real requests and are held down for a 404; the third is really stopped. Two members would be enough: the health check is the root, the stopped unit is true as well.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    lab.web.forEach((host) => addToNginx(host, ['location = /healthz { return 404; }']));
    lab.host('web-3').run('systemctl', 'stop', 'shop');
    changeBalancer(lab, 's,uri /health/ ,uri /healthz ,');
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('web-3').run('systemctl', 'start', 'shop');
    lab.web.forEach(removeFromNginx);
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    root: ['member-down-though-healthy', 'health-endpoint-misplaced'],
    hop: 'balancer',
    found: ['unit-inactive'],
  },
});
