import type { LabHost } from '../host.js';
import { giveGroups, takeGroups } from '../faults/blindness.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const TARGET = 'business-apps.target';
const FILE = `/etc/systemd/system/${TARGET}`;

/** The shop has been part of the target for as long as there are hosts. */
const makePartOfTarget = (host: LabHost): void => {
  layDropIn(host, 'shop', ['[Unit]', `PartOf=${TARGET}`]);
  host.sh(`printf '[Unit]\\nDescription=Business applications\\nWants=shop.service\\n' >${FILE}
    touch -d '9 days ago' ${FILE} /etc/systemd/system/shop.service.d/lab.conf /etc/systemd/system/shop.service.d
    systemctl daemon-reload; systemctl start ${TARGET}`);
};

export default defineScenario({
  fault:
    'The shop is part of a target (PartOf=) by which operators stop everything on a host before they patch it; somebody stopped the target on every host, the patches were put off, and nobody started it again. diag503 may not read the socket of the balancer.',
  because:
    'The 503 is the page of HAProxy itself. On every host the unit of the shop is loaded, inactive and ended with success; its journal has an orderly stop in the same second in which the target was stopped, and nobody listens on port 8000. It neither crashed nor was it exchanged: it was stopped with others, and nothing starts it.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    takeGroups(lab.host('lb-1'), ['haproxy']);
    lab.web.forEach(makePartOfTarget);
    lab.web.forEach((host) => host.run('systemctl', 'stop', TARGET));
  },
  heal: (lab) => {
    giveGroups(lab.host('lb-1'));
    lab.web.forEach((host) => {
      host.sh(`systemctl stop ${TARGET} 2>/dev/null || :; rm -f ${FILE}`);
      restoreUnit(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'unit-inactive',
    hop: 'balancer',
    notSaid: ['deployment', 'overload', 'dependency', 'database-connections', 'routing', 'deliberate'],
  },
});
