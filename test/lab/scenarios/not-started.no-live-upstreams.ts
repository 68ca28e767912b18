import { checkAgain, stopChecking } from '../faults/members.js';
import { addToNginx, addUpstream, removeFromNginx, removeUpstream } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx has two addresses of the app under one name, and the app is stopped; the balancer checks nothing.',
  because:
    'Both addresses were refused, so nginx says 502 without asking again: "no live upstreams". The units are inactive.',
  service: 'shop',
  users: [502],
  inject: (lab) => {
    stopChecking(lab, 'shop');
    for (const host of lab.web) {
      addUpstream(host, 'shop_app', ['127.0.0.1:8000', '127.0.0.1:8001']);
      addToNginx(host, [
        'location = / {',
        'proxy_set_header Host $host;',
        'proxy_pass http://shop_app;',
        '}',
      ]);
      host.run('systemctl', 'stop', 'shop');
    }
  },
  heal: (lab) => {
    for (const host of lab.web) {
      host.run('systemctl', 'start', 'shop');
      removeFromNginx(host);
      removeUpstream(host);
    }
    checkAgain(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-inactive',
    hop: 'proxy',
    notSaid: ['deliberate', 'routing', 'overload'],
  },
});
