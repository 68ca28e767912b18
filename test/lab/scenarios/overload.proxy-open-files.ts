import { defineScenario } from '../scenario.js';

const FILE = '/etc/nginx/nginx.conf';
const KEPT = '/root/nginx.kept';

export default defineScenario({
  fault:
    'A template that was meant to say ten thousand lets the worker of nginx have ten open files (worker_rlimit_nofile 10), on every host: its logs and sockets need nine.',
  because:
    'nginx says "Too many open files" for each connection to the app and answers 500 itself, to the check as well, so that all members are taken out. The app has nothing to do and answers whoever asks it directly.',
  service: 'shop',
  users: [500, 503],
  settleSeconds: 7,
  inject: ({ web }) =>
    web.forEach((host) =>
      // One worker, so that the number of cores does not say how many files it has open from the start.
      host.sh(`cp -p ${FILE} ${KEPT}
        sed -i 's/^worker_processes .*/worker_processes 1;\\nworker_rlimit_nofile 10;/' ${FILE}
        touch -r ${KEPT} ${FILE} /etc/nginx; systemctl restart nginx`),
    ),
  heal: ({ web }) =>
    web.forEach((host) =>
      host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}
        touch -r ${FILE} /etc/nginx; systemctl restart nginx; truncate -s 0 /var/log/nginx/error.log`),
    ),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['file-descriptors-exhausted', 'proxy-connections-exhausted', 'proxy-not-answering'],
    notSaid: [
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'deliberate',
      'workers-busy',
    ],
  },
});
