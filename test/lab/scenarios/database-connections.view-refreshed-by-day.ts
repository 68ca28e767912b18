import { giveGroups, takeGroups } from '../faults/blindness.js';
import { beFrameworkShop, beUsualShop } from '../faults/framework-shop.js';
import { sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'lab-refresh';
const NAME = 'refresh-views';
const rates = (statement: string): string =>
  `create or replace function rate_of(id int) returns int language plpgsql
   as $f$ begin ${statement} return id % 7; end $f$`;

export default defineScenario({
  fault:
    'The pages read a materialized view of the orders, which cron builds anew every hour; the rates that it looks up have become slow, so that the refresh takes minutes. diag503 may not read the journals of the web hosts, and the page of the shop is two words.',
  because:
    'One session runs REFRESH MATERIALIZED VIEW without CONCURRENTLY and has the view for itself; every session of the shop waits for that lock, and slots are left. It is a job at work and nobody who forgot a transaction; no release came out, and the hosts compute nothing.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 8,
  inject: async (lab) => {
    sql(lab, rates(''), 'shop');
    sql(
      lab,
      `create materialized view orders_rated as select id, rate_of(id) as rate from orders;
       alter materialized view orders_rated owner to shop`,
      'shop',
    );
    await beFrameworkShop(lab, {
      logs: 'json',
      page: 'bare',
      changes: [['select count(*) from orders', 'select count(*) from orders_rated']],
    });
    lab.web.forEach((host) => takeGroups(host, ['adm', 'systemd-journal']));
    sql(lab, rates('perform pg_sleep(0.5);'), 'shop');
    lab
      .host('db-1')
      .run(
        ...['systemd-run', '-q', '--collect', `--unit=${UNIT}`, '--property=TimeoutStopSec=3'],
        ...['runuser', '-u', 'postgres', '--', 'env', `PGAPPNAME=${NAME}`],
        ...['psql', '-qX', '-d', 'shop', '-c', 'refresh materialized view orders_rated'],
      );
    const held =
      "select count(*) from pg_locks where relation = 'orders_rated'::regclass and mode = 'AccessExclusiveLock' and granted";
    const deadline = Date.now() + 10_000;
    while (Number(sql(lab, held, 'shop')) === 0)
      if (Date.now() > deadline) throw new Error('Nobody refreshes the view.');
  },
  heal: (lab) => {
    lab.web.forEach(giveGroups);
    lab.host('db-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :
      systemctl reset-failed ${UNIT} 2>/dev/null || :`);
    sql(
      lab,
      `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '${NAME}'`,
    );
    lab.web.forEach(beUsualShop);
    sql(lab, 'drop materialized view if exists orders_rated; drop function if exists rate_of(int)', 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'sessions-blocked-by-lock',
    hop: 'balancer',
    notSaid: [
      'connections-exhausted',
      'idle-in-transaction',
      'app-pool-exhausted',
      'dependency',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
