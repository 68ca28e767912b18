import type { LabHost } from '../host.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

const MAP = '/etc/nginx/conf.d/lab-windows.conf';
const UNIT = 'window-close';

const openWindow = (host: LabHost): void => {
  host.sh(`echo 'map $host $in_window { default 0; shop.lab.test 1; }' >${MAP}`);
  addToNginx(host, [
    'location = / {',
    'if ($in_window) { return 503; }',
    'proxy_set_header Host $host;',
    'proxy_pass http://127.0.0.1:8000;',
    '}',
  ]);
};

/** The step that a timer starts when the window is over. */
const failToClose = (host: LabHost): void => {
  const words = 'close-window: cannot fetch the calendar, the window stays open';
  host.sh(`systemctl reset-failed ${UNIT} 2>/dev/null || :
    systemd-run -q --unit=${UNIT} --description='End of the maintenance window' \
      sh -c 'echo "${words}" >&2; exit 1'`);
};

const closeWindow = (host: LabHost): void => {
  removeFromNginx(host);
  host.sh(`rm -f ${MAP}; touch -h -d '9 days ago' /etc/nginx/conf.d; nginx -t -q; systemctl reload nginx
    systemctl stop ${UNIT} 2>/dev/null || :
    systemctl reset-failed ${UNIT} 2>/dev/null || :`);
};

export default defineScenario({
  fault:
    'For a nightly window a timer puts the shop into a map of nginx, by which the start page is 503; the step that takes it out again failed on web-1 and web-2 and ran through on web-3.',
  because:
    'Two pages in three get 503 of nginx at once, from web-1 and web-2; web-3 serves. The map there still says that the shop is in its window, and the unit that was to end it has failed. The app answers 200 on all three, and the health page goes by no map.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 10,
  inject: ({ host }) => {
    for (const each of [host('web-1'), host('web-2')]) {
      openWindow(each);
      failToClose(each);
    }
  },
  heal: ({ host }) => {
    for (const each of [host('web-1'), host('web-2')]) closeWindow(each);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: [
      'not-started',
      'health-check',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
    ],
  },
});
