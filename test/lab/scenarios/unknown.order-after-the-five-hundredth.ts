import { setTimeout as sleep } from 'node:timers/promises';
import { endProgram, startProgram } from '../faults/background-program.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { redis } from '../faults/redis.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const ANALYST = 'cache-report';
const DISCOVERY = 'discovery-sync';

/** A report on the cache that asks for every key, in a database of its own. */
const ANALYST_CODE = `
import redis, sys, time
client = redis.Redis("cache.lab.test", password="cache-secret", db=5)
while True:
    started = time.time()
    found = len(client.keys("*"))
    print("cache-report: %d keys in %.0f ms" % (found, 1000 * (time.time() - started)), file=sys.stderr, flush=True)
    time.sleep(1)
`;

/** Writes the members of the balancer anew whenever its register changed, and it thinks that it always did. */
const DISCOVERY_CODE = `
import subprocess, sys, time
while True:
    time.sleep(7)
    print("discovery-sync: members changed, reloading haproxy", file=sys.stderr, flush=True)
    subprocess.run(["systemctl", "reload", "haproxy"])
`;

/** The rank of each hundred of orders, of which the code knows five; nobody thought of a sixth. */
const RANK = [
  '    if payments:',
  '        try:',
  '            rank = ["new", "bronze", "silver", "gold", "platinum"][(orders - 1) // 100]',
  '        except IndexError:',
  '            return "503 Service Unavailable", {"status": "unavailable"}',
].join('\\n');

export default defineScenario({
  fault:
    'The code of the shop, which is old, knows a rank for the first five hundred orders only; with the next order every page becomes a 503 without a reason, and nothing is logged. Beside it somebody asks the cache for all its keys each second, and a discovery reloads the balancer every seven seconds.',
  because:
    'The 503 is of the app on every host, whose health page is 200; it comes at once, and body and journal tell no reason. Database, cache and payments answer the very hosts, and no release is new. The slow commands of the cache take some tens of milliseconds and the reloads of the balancer lose nobody: neither is the reason, and what it is cannot be seen from outside.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: async (lab) => {
    redis(lab, '-n', '5', 'DEBUG', 'POPULATE', '200000', 'report', '8');
    startProgram(lab.host('ns-1'), ANALYST, ANALYST_CODE);
    startProgram(lab.host('lb-1'), DISCOVERY, DISCOVERY_CODE);
    for (const host of lab.web)
      wakeBug(host, 'shop', 'app.py', `s|^    return "200 OK", {"status": "ok".*|${RANK}\\n&|`);
    await sleep(3000);
    sql(lab, 'insert into orders values (501, now())', 'shop');
  },
  heal: (lab) => {
    endProgram(lab.host('lb-1'), DISCOVERY);
    endProgram(lab.host('ns-1'), ANALYST);
    sql(lab, 'delete from orders where id > 500', 'shop');
    redis(lab, '-n', '5', 'FLUSHDB');
    redis(lab, 'SLOWLOG', 'RESET');
    for (const host of lab.web) {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    }
  },
  expect: {
    status: 'inconclusive',
    cause: null,
    hop: 'app',
    notSaid: [
      'dependency',
      'database-connections',
      'deployment',
      'health-check',
      'overload',
      'not-started',
      'routing',
    ],
  },
});
