import { setTimeout as sleep } from 'node:timers/promises';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { endLoad, startLoad } from '../faults/load.js';
import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { endSessions } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { restoreUnit } from '../faults/unit-drop-in.js';
import { drainHost } from './drain-host.js';
import type { Lab } from '../lab.js';
import { publicUrl } from '../run-scenario.js';
import { untilUsersGet } from '../wellness.js';
import { invocationsOf, releasesOf, sessionsOf, statesOf } from './bystanders.js';
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

/** The requests that hang come from clients that have gone since: only a restart frees the workers. */
async function hangWorkers(): Promise<void> {
  startLoad('http://shop.lab.test/sleep?110', 60);
  await sleep(8_000);
  endLoad();
}

const restartService: Treatment = {
  remediation: 'restart-service',
  service: 'shop',
  users: [503, 504],
  inject: hangWorkers,
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => startAnew(host, 'shop'));
  },
  meanwhile: {
    what: 'somebody restarts it on web-2',
    change: (lab) => void lab.host('web-2').run('systemctl', 'restart', 'shop'),
    told: /another one by now/,
    undo: hangWorkers,
  },
  bystanders: (lab) => invocationsOf(lab, 'desk', 'nginx'),
};

/** Truncates the orders and forgets to end its transaction: whoever ends its session has ended it. */
function importHangs(lab: Lab): void {
  holdSessions(lab, {
    ...{ on: 'pay-1', application: 'import', sessions: 1, inTransaction: true },
    url: 'postgresql://shop:shop-secret@db.lab.test/shop',
    statements: ['truncate orders', 'insert into orders select id, now() from generate_series(1, 500) id'],
  });
  lab.host('pay-1').sh('sleep 2; systemctl kill -s STOP holder');
}

function importEnds(lab: Lab): void {
  lab.host('pay-1').sh('systemctl kill -s CONT holder || :');
  endHolder(lab, 'pay-1');
}

const endIdleSessions: Treatment = {
  remediation: 'end-idle-sessions',
  service: 'shop',
  users: [503],
  rule: { users: ['shop'], idleSeconds: 1, atMost: 40 },
  inject: (lab) => {
    holdSessions(lab, {
      ...{ on: 'web-2', application: 'neighbour', sessions: 2, inTransaction: true },
      ...{ url: 'postgresql://desk:desk-secret@db.lab.test/desk', statements: ['select 1'] },
    });
    importHangs(lab);
  },
  settleSeconds: 3,
  heal: (lab) => {
    importEnds(lab);
    endHolder(lab, 'web-2');
    endSessions(lab, 'shop');
  },
  meanwhile: {
    what: 'somebody ends the import and begins it anew',
    change: async (lab) => {
      importEnds(lab);
      importHangs(lab);
      await sleep(2_000);
    },
    told: /none of these sessions sits idle in a transaction any more/,
    undo: () => undefined,
  },
  bystanders: (lab) => `${sessionsOf(lab, 'desk')}\n${invocationsOf(lab, 'shop', 'desk', 'nginx')}`,
};

const restoreHost: Treatment = {
  remediation: 'restore-host',
  service: 'desk',
  users: [503],
  inject: (lab) => setAside(lab, 'desk', 'drain'),
  heal: (lab) => setReady(lab, 'desk'),
  meanwhile: {
    what: 'somebody puts web-1 back',
    change: (lab) => setReady(lab, 'desk', ['web-1']),
    told: /another one by now: member web-1/,
    undo: (lab) => setAside(lab, 'desk', 'drain', ['web-1']),
  },
  bystanders: (lab) => `${statesOf(lab, 'shop')}\n${invocationsOf(lab, 'shop', 'desk', 'nginx')}`,
};

const BAD = { release: 'r42', begins: 'import stripe' } as const;

/** By the link. */
const rollBack: Treatment = {
  remediation: 'roll-back',
  service: 'shop',
  users: [503],
  rule: { releases: '/srv/shop/releases' },
  inject: ({ web }) => web.forEach((host) => deploy(host, { service: 'shop', ...BAD })),
  settleSeconds: 15,
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      restoreUnit(host, 'shop');
    }),
  meanwhile: {
    what: 'somebody clears the old release away on web-3',
    change: (lab) => void lab.host('web-3').run('mv', '/srv/shop/releases/r41', '/srv/shop/r41'),
    told: /another one by now|could not be read/,
    undo: (lab) => void lab.host('web-3').run('mv', '/srv/shop/r41', '/srv/shop/releases/r41'),
  },
  bystanders: (lab) => `${invocationsOf(lab, 'desk', 'nginx')}\n${releasesOf(lab, 'desk')}`,
};

const relink = (lab: Lab, target: string): void =>
  void lab.host('web-3').sh(`was=$(stat -c %Y /srv/desk/current); ln -sfn ${target} /srv/desk/current
    touch -h -d "@$was" /srv/desk/current`);

/** By the operator's own command. */
const rollBackByCommand: Treatment = {
  remediation: 'roll-back',
  service: 'desk',
  users: [503],
  rule: {
    command: ['/usr/local/bin/desk-rollback'],
    effect: 'Links the release before this one and restarts the desk.',
  },
  inject: ({ web }) =>
    web.forEach((host) => {
      const lines = [
        ...['#!/bin/sh', 'set -eu', 'ln -sfn releases/d7 /srv/desk/current'],
        ...['systemctl reset-failed desk', 'systemctl restart desk'],
      ];
      const write =
        'printf "%s\\n" "$1" >/usr/local/bin/desk-rollback; chmod 755 /usr/local/bin/desk-rollback';
      host.run('sh', '-euc', write, 'sh', lines.join('\n'));
      deploy(host, { service: 'desk', release: 'd8', begins: 'import stripe' });
    }),
  settleSeconds: 15,
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'desk');
      restoreUnit(host, 'desk');
    }),
  meanwhile: {
    // Not to the old one: the unit would start by itself with that. And with its time of before, or it is a deploy.
    what: 'somebody writes the link anew on web-3',
    change: (lab) => relink(lab, './releases/d8'),
    told: /another one by now/,
    undo: (lab) => relink(lab, 'releases/d8'),
  },
  bystanders: (lab) => `${invocationsOf(lab, 'shop', 'nginx')}\n${releasesOf(lab, 'shop')}`,
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
  meanwhile: {
    what: 'somebody makes room on every host',
    change: async ({ web }) => {
      web.forEach((host) => freeDisk(host, '/var/lib/shop'));
      await untilUsersGet(publicUrl('shop'), [200]);
    },
    told: /another one by now: users are served again/,
    undo: ({ web }) => web.forEach((host) => fillDisk(host, '/var/lib/shop')),
  },
  bystanders: (lab) => invocationsOf(lab, 'shop', 'desk', 'nginx'),
};

/** The suite says which change of the registry has none. */
export const treatments: readonly Treatment[] = [
  ...[startService, restartService, endIdleSessions, drainHost, restoreHost],
  ...[rollBack, rollBackByCommand, reloadProxy, runCommand],
];
