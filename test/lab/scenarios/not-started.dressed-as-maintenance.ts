import { checkAgain, stopChecking } from '../faults/members.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The app is stopped on every host; nginx has made a 503 with a page about maintenance of every 502 for long (error_page 502 504 =503), and the balancer checks nothing.',
  because:
    'The 503 has the marks of nginx and speaks of maintenance, and yet nobody switched one on: it is what nginx shows when the app refuses, and its log says that it does. The units are inactive.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    stopChecking(lab, 'shop');
    lab.web.forEach((host) => {
      addToNginx(host, [
        'error_page 502 504 =503 /sorry.html;',
        'location = /sorry.html {',
        'internal;',
        'default_type text/html;',
        'return 503 "<h1>We are down for maintenance</h1>";',
        '}',
      ]);
      host.run('systemctl', 'stop', 'shop');
    });
  },
  heal: (lab) => {
    lab.web.forEach((host) => {
      removeFromNginx(host);
      host.run('systemctl', 'start', 'shop');
    });
    checkAgain(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    hop: 'proxy',
    notSaid: ['deliberate', 'overload', 'dependency', 'database-connections', 'deployment', 'routing'],
  },
});
