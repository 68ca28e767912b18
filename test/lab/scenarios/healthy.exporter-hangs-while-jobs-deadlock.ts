import { endProgram, startProgram } from '../faults/background-program.js';
import { sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';
import { HOSTS, WEB } from '../topology.js';

const EXPORTER = 'queue-exporter';
const SORTER = 'mail-sorter';
const SCRAPER = 'metrics-scraper';
const COUNTER = 'stock-count';

/** It opened its port and then waits for a server that was switched off; whoever calls stays in its queue. */
const EXPORTER_CODE = `
import socket, sys, time
listener = socket.create_server(("0.0.0.0", 9121), backlog=4)
print("queue-exporter: serving on :9121, waiting for amqp-1", file=sys.stderr, flush=True)
time.sleep(3600)
`;

const SCRAPER_CODE = `
import sys, time, urllib.request
while True:
    for address in ${JSON.stringify(WEB.map((name) => HOSTS[name].address))}:
        try:
            urllib.request.urlopen("http://%s:9121/metrics" % address, timeout=0.5).read()
        except OSError as error:
            print("scrape of %s failed: %s" % (address, error), file=sys.stderr, flush=True)
`;

/** Never asks how its children ended. */
const SORTER_CODE = `
import os, time
for _ in range(150):
    if os.fork() == 0:
        os._exit(0)
    time.sleep(0.03)
time.sleep(3600)
`;

const COUNTER_CODE = `
import psycopg2, psycopg2.errors, sys, threading, time
def count(first, second):
    session = psycopg2.connect("postgresql://shop:shop-secret@db.lab.test:5432/shop", application_name="stock-count")
    while True:
        try:
            with session, session.cursor() as cursor:
                cursor.execute("update stock set pieces = pieces + 1 where id = %s", (first,))
                time.sleep(0.3)
                cursor.execute("update stock set pieces = pieces - 1 where id = %s", (second,))
        except psycopg2.errors.DeadlockDetected as error:
            print("stock-count: %s; once more" % str(error).splitlines()[0], file=sys.stderr, flush=True)
threading.Thread(target=count, args=(1, 2)).start()
count(2, 1)
`;

export default defineScenario({
  fault:
    'An exporter of metrics hangs on every host of the app, and the calls of a scraper fill the queue of its port. A sorter of letters there has left 150 dead children, and two jobs that count the stock lock each other out in the database of the shop, every other second. All pages are served.',
  because:
    'The port whose queue is full and overflows is 9121, where no page goes; that of the app is empty. Dead children take nothing but a number, and the deadlocks are on a table of the jobs, which try again. Users get 200, every member is up, and slots and workers are free.',
  service: 'shop',
  users: [200],
  settleSeconds: 15,
  inject: (lab) => {
    sql(lab, 'create table if not exists stock (id int primary key, pieces int)', 'shop');
    sql(lab, 'insert into stock values (1, 100), (2, 100) on conflict do nothing', 'shop');
    sql(lab, 'alter table stock owner to shop', 'shop');
    for (const host of lab.web) {
      startProgram(host, EXPORTER, EXPORTER_CODE);
      startProgram(host, SORTER, SORTER_CODE);
    }
    startProgram(lab.host('pay-1'), SCRAPER, SCRAPER_CODE);
    startProgram(lab.host('ns-1'), COUNTER, COUNTER_CODE);
  },
  heal: (lab) => {
    endProgram(lab.host('ns-1'), COUNTER);
    endProgram(lab.host('pay-1'), SCRAPER);
    for (const host of lab.web) {
      endProgram(host, SORTER);
      endProgram(host, EXPORTER);
    }
    sql(
      lab,
      "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'stock-count'",
    );
    sql(lab, 'drop table if exists stock', 'shop');
  },
  expect: { status: 'healthy', cause: null },
});
