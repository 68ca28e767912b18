import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { endLoad, startLoad } from '../faults/load.js';
import { checkAgain, setAside, setReady, stopChecking } from '../faults/members.js';
import { deploy, link, removeReleases } from '../faults/new-release.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { endSessions, untilNoSlotIsLeft } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { invocationsOf, sessionsOf, statesOf } from './bystanders.js';
import type { Treatment } from './treatment.js';

const startService: Treatment = {
  remediation: 'start-service',
  service: 'desk',
  users: [503],
  inject: ({ web }) => web.forEach((host) => host.run('systemctl', 'stop', 'desk')),
  heal: ({ web }) => web.forEach((host) => host.run('systemctl', 'start', 'desk')),
  meanwhile: {
    what: 'somebody starts it on web-1',
    change: (lab) => void lab.host('web-1').run('systemctl', 'start', 'desk'),
    told: /no longer stopped on web-1/,
    undo: (lab) => void lab.host('web-1').run('systemctl', 'stop', 'desk'),
  },
  bystanders: (lab) => invocationsOf(lab, 'shop', 'nginx'),
};

const restartService: Treatment = {
  remediation: 'restart-service',
  service: 'shop',
  users: [503, 504],
  // The requests that hang come from clients that have gone since: only a restart frees the workers.
  inject: async () => {
    startLoad('http://shop.lab.test/sleep?110', 60);
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    endLoad();
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => startAnew(host, 'shop'));
  },
  meanwhile: {
    what: 'somebody restarts it on web-2',
    change: (lab) => void lab.host('web-2').run('systemctl', 'restart', 'shop'),
    told: /another one by now/,
    undo: () => undefined,
  },
  bystanders: (lab) => invocationsOf(lab, 'desk', 'nginx'),
};

const endIdleSessions: Treatment = {
  remediation: 'end-idle-sessions',
  service: 'shop',
  users: [503],
  rule: { users: ['shop'], idleSeconds: 1, atMost: 40 },
  inject: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'shop'));
    for (const [on, user, application, sessions] of [
      ['web-2', 'desk', 'neighbour', 2],
      ['web-1', 'shop', 'shop-jobs', 32],
    ] as const)
      holdSessions(lab, {
        ...{ on, application, sessions, statements: ['select 1'], inTransaction: true as const },
        url: `postgresql://${user}:${user}-secret@db.lab.test/${user}`,
      });
    untilNoSlotIsLeft(lab);
    // It forgets its transactions once: whoever ends them has ended them.
    lab.host('web-1').sh('systemctl kill -s STOP holder');
    lab.web.forEach((host) => host.run('systemctl', 'start', 'shop'));
  },
  heal: (lab) => {
    lab.host('web-1').sh('systemctl kill -s CONT holder || :');
    endHolder(lab, 'web-1');
    endHolder(lab, 'web-2');
    endSessions(lab, 'shop');
    lab.web.forEach((host) => host.run('systemctl', 'start', 'shop'));
  },
  bystanders: (lab) => `${sessionsOf(lab, 'desk')}\n${invocationsOf(lab, 'shop', 'desk', 'nginx')}`,
};

const restoreHost: Treatment = {
  remediation: 'restore-host',
  service: 'shop',
  users: [503],
  inject: (lab) => setAside(lab, 'shop', 'maint'),
  heal: (lab) => setReady(lab, 'shop'),
  bystanders: (lab) => `${statesOf(lab, 'desk')}\n${invocationsOf(lab, 'shop', 'desk', 'nginx')}`,
};

const rollBack: Treatment = {
  remediation: 'roll-back',
  service: 'shop',
  users: [503],
  rule: {
    command: ['/usr/local/bin/shop-rollback'],
    effect: 'Links the release before this one and restarts the shop.',
  },
  inject: ({ web }) =>
    web.forEach((host) => {
      host.run(
        ...[
          'sh',
          '-euc',
          'printf "%s\\n" "$1" >/usr/local/bin/shop-rollback; chmod 755 /usr/local/bin/shop-rollback',
        ],
        ...['sh', '#!/bin/sh\nset -eu\nln -sfn releases/r41 /srv/shop/current\nsystemctl restart shop'],
      );
      deploy(host, { service: 'shop', release: 'r42', begins: 'import stripe' });
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      restoreUnit(host, 'shop');
    }),
  meanwhile: {
    what: 'somebody links the old release on web-3',
    change: (lab) => link(lab.host('web-3'), 'shop', 'r41'),
    told: /another one by now/,
    undo: (lab) => link(lab.host('web-3'), 'shop', 'r42'),
  },
  bystanders: (lab) => invocationsOf(lab, 'desk', 'nginx'),
};

const reloadProxy: Treatment = {
  remediation: 'reload-proxy',
  service: 'shop',
  users: [502],
  // Somebody has mended the file and has not let nginx read it.
  inject: ({ web }) =>
    web.forEach((host) => {
      addToNginx(host, ['location = / {', 'proxy_pass http://127.0.0.1:8010;', '}']);
      host.run('rm', '-rf', '/etc/nginx/shop.d');
    }),
  heal: ({ web }) => web.forEach(removeFromNginx),
  meanwhile: {
    what: 'the file of web-1 is broken',
    change: (lab) => void lab.host('web-1').sh('echo "proxy_pas;" >/etc/nginx/conf.d/zz-broken.conf'),
    told: /not done|no effect|exit status 1/,
    undo: (lab) => void lab.host('web-1').run('rm', '/etc/nginx/conf.d/zz-broken.conf'),
  },
  bystanders: (lab) => invocationsOf(lab, 'shop', 'desk', 'nginx'),
};

const runCommand: Treatment = {
  remediation: 'run-command',
  service: 'shop',
  users: [503],
  rule: {
    ...{
      command: ['/bin/rm', '-f', '/var/lib/shop/old.log'],
      title: 'Delete old logs',
      causes: ['overload'],
    },
    effect: 'Deletes the log of last year.',
  },
  inject: ({ web }) => web.forEach((host) => fillDisk(host, '/var/lib/shop')),
  heal: ({ web }) => web.forEach((host) => freeDisk(host, '/var/lib/shop')),
  bystanders: (lab) => invocationsOf(lab, 'shop', 'desk', 'nginx'),
};

/** The workers of one host hang, and the balancer, which asks for no health page, goes on sending users there. */
const drainHost: Treatment = {
  remediation: 'drain-host',
  service: 'shop',
  users: [],
  inject: async (lab) => {
    stopChecking(lab, 'shop');
    startLoad('http://10.203.0.11/sleep?110', 60, 20, 'shop.lab.test');
    await new Promise((resolve) => setTimeout(resolve, 8_000));
  },
  heal: (lab) => {
    endLoad();
    startAnew(lab.host('web-1'), 'shop');
    setReady(lab, 'shop');
    checkAgain(lab, 'shop');
  },
  bystanders: (lab) => `${statesOf(lab, 'desk')}\n${invocationsOf(lab, 'shop', 'desk', 'nginx')}`,
};

/** Each change of the registry has one: the suite says which has not. */
export const treatments: readonly Treatment[] = [
  ...[startService, restartService, endIdleSessions, restoreHost],
  ...[rollBack, reloadProxy, runCommand, drainHost],
];
