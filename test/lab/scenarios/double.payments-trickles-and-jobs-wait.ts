import { endLoad, startLoad } from '../faults/load.js';
import { endSessions, openSessions } from '../faults/sql-session.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const FILE = '/srv/payments/server.py';
const KEPT = '/root/server.kept';
/** So long an answer in so small pieces: no read of it takes longer than a second, and its end never comes. */
const TRICKLE = [
  's/str(len(body))/"600"/',
  's/self.wfile.write(body)/[(self.wfile.write(b" "), time.sleep(1)) for _ in range(600)]/',
].join('; ');

export default defineScenario({
  fault:
    'The payment service sends its answer by one byte a second and comes to no end; the app waits eight seconds for each byte, not for the whole. Besides, a job forgot its lock on the table of the exports, and three more jobs wait for that.',
  because:
    'The workers use no CPU and none of their sessions of the database waits: each reads from payments, and never complains, for something always comes. That no worker is left and the health page fails is the consequence. The jobs wait for a table that no page needs: true, and not the cause.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    sql(lab, 'create table if not exists exports (id int)', 'shop');
    sql(lab, 'alter table exports owner to shop', 'shop');
    openSessions(lab, 'shop', 'begin; lock table exports;');
    const deadline = Date.now() + 10_000;
    const held = "select count(*) from pg_locks where relation = 'exports'::regclass and granted";
    while (Number(sql(lab, held, 'shop')) === 0)
      if (Date.now() > deadline) throw new Error('Nobody locked the table of the exports.');
    openSessions(lab, 'shop', 'update exports set id = 1;', 3);
    lab.host('pay-1').sh(`cp -p ${FILE} ${KEPT}; sed -i '${TRICKLE}' ${FILE}; systemctl restart payments`);
    startLoad('http://shop.lab.test/', 16, 500);
  },
  heal: (lab) => {
    endLoad();
    lab.host('pay-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl restart payments`);
    endSessions(lab);
    sql(lab, 'drop table if exists exports', 'shop');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-slow', 'dependency-failing', 'dependency-unreachable', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: [
      'database-connections',
      'sessions-blocked-by-lock',
      'idle-in-transaction',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
