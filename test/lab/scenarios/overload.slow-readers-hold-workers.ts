import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { endSlowReaders, startSlowReaders } from '../faults/slow-readers.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const CATALOGUE = [
  's|^    path = environ\\["PATH_INFO"\\]|&',
  '    if path == "/catalogue":',
  '        start_response("200 OK", [("Content-Type", "text/csv")])',
  '        return (b"%07d;article;price;stock;picture\\\\n" % 1 * 2000 for _ in range(1000))|',
].join('\\n');

export default defineScenario({
  fault:
    'nginx buffers no answer any more (proxy_buffering off), which somebody needed for one page; thirty partners load the catalogue of 80 MB over slow lines, and each worker feeds one of them.',
  because:
    'Every worker of every host is in a request, uses hardly any CPU and waits until its own socket towards nginx takes more: what is sent there stands in a full queue. Nobody waits for the database, the cache or payments, which all answer at once. Checks find no free worker, and so the balancer has no member left.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ host: hostOf, web }) => {
    web.forEach((host) => {
      addToNginx(host, ['proxy_buffering off;']);
      wakeBug(host, 'shop', 'app.py', CATALOGUE);
    });
    // The workers with the old code go within the graceful timeout.
    hostOf('lb-1').run('sleep', '4');
    startSlowReaders('http://shop.lab.test/catalogue', 30);
  },
  heal: ({ web }) => {
    endSlowReaders();
    web.forEach((host) => {
      removeFromNginx(host);
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['workers-busy', 'accept-queue-full'],
    hop: 'balancer',
    notSaid: [
      'cpu-saturated',
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
