import { setTimeout as sleep } from 'node:timers/promises';
import { setAside, setReady } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import {
  endDeadImagesSite,
  fillOldPictures,
  removeOldPictures,
  startDeadImagesSite,
} from '../faults/scares-beside.js';
import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'To see slow statements somebody has each session of the role of the shop load pg_stat_monitor (session_preload_libraries), which is not installed on the database server, and ended the old sessions. Beside it a rollout of the desk is half done, a disk of old pictures is full on every host, and nginx complains several times a second of a site for images whose server was given up long ago.',
  because:
    'Every page and the health page fail at the login to the database: FATAL, could not access file "pg_stat_monitor": No such file or directory. These are words of the database server about a file of its own, it says them to the role of the shop only, and it has slots left. No release of the shop came out, its files are all there, and the new release and the member that is drained are those of the desk.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    startDeadImagesSite(lab);
    lab.web.forEach((host) => fillOldPictures(host));
    deploy(lab.host('web-1'), { service: 'desk', release: 'd8', begins: '# New colours.' });
    await sleep(6000);
    await untilWell(lab);
    setAside(lab, 'desk', 'drain', ['web-2']);
    sql(lab, "alter role shop set session_preload_libraries = 'pg_stat_monitor'");
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    sql(lab, 'alter role shop reset session_preload_libraries');
    setReady(lab, 'desk');
    endDeadImagesSite(lab);
    lab.web.forEach((host) => {
      removeOldPictures(host);
      startAnew(host, 'shop');
    });
    removeReleases(lab.host('web-1'), 'desk');
    startAnew(lab.host('web-1'), 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: ['balancer', 'app'],
    notSaid: [
      ...(['database-connections', 'overload', 'deployment', 'not-started'] as const),
      ...(['routing', 'deliberate', 'dependency-unreachable'] as const),
    ],
  },
});
