import { setTimeout as sleep } from 'node:timers/promises';
import { endLoad, startLoad } from '../faults/load.js';
import { setAside, setReady } from '../faults/members.js';
import { link, removeReleases, unpack } from '../faults/new-release.js';
import { endSecondPayments, startSecondPayments } from '../faults/second-payments.js';
import { startAnew } from '../faults/start-anew.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';
import type { WEB } from '../topology.js';
import { untilUsersGet } from '../wellness.js';

const SHOP = 'http://shop.lab.test/';

/** What r42 adds: without suggestions the page is shown as before. */
const SUGGESTIONS = [
  'import traceback',
  '',
  'SUGGESTIONS = {}',
  '',
  '',
  'def suggestions(basket):',
  '    """Shown below the basket, where there are any."""',
  '    try:',
  '        return SUGGESTIONS[basket]',
  '    except KeyError:',
  '        traceback.print_exc()',
  '        return []',
  '',
  '',
].join('\n');
const SHOW = 's|"orders": orders}|"orders": orders, "suggestions": suggestions(orders)}|';

const ANSWERS =
  'for i in $(seq 40); do curl -sf -o /dev/null -m 2 http://127.0.0.1:8000/health/ && exit 0; sleep 0.25; done; exit 1';

/** Drained, restarted with r42, asked for its health page, and taken back once the balancer has seen it well. */
async function rollTo(lab: Lab, members: readonly (typeof WEB)[number][]): Promise<void> {
  const hosts = members.map((name) => lab.host(name));
  setAside(lab, 'shop', 'drain', members);
  for (const host of hosts) {
    unpack(host, { service: 'shop', release: 'r42', begins: SUGGESTIONS, edit: SHOW });
    link(host, 'shop', 'r42');
    host.run('systemctl', 'restart', 'shop');
  }
  for (const host of hosts) host.sh(ANSWERS);
  await sleep(2500);
  setReady(lab, 'shop', members);
}

export default defineScenario({
  fault:
    'Release r42 was rolled out with care and works, though it logs a traceback with each page for suggestions that nobody has entered yet. Right after it the payment service put a second machine into the DNS whose certificate had run out, half of the pages were 503 for some seconds, and the machine was taken out again.',
  because:
    'Users get 200 and every member is up. The pages that failed all name payments and "certificate has expired", for some seconds and no longer, while others of the same release were served; the name has one address again, whose certificate is valid. The traceback of r42 comes with each page that is 200: neither that nor the deploy hurts anybody.',
  service: 'shop',
  users: [200],
  settleSeconds: 6,
  inject: async (lab) => {
    startLoad(SHOP, 3, 150);
    await rollTo(lab, ['web-1']);
    await rollTo(lab, ['web-2', 'web-3']);
    startSecondPayments(lab, 'expired.crt');
    await sleep(5000);
    endSecondPayments(lab);
    await untilUsersGet(SHOP, [200]);
    endLoad();
  },
  heal: (lab) => {
    endLoad();
    endSecondPayments(lab);
    for (const host of lab.web) {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }
    setReady(lab, 'shop');
  },
  expect: { status: 'healthy', cause: null, notSaid: ['deployment'] },
});
