import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '../host.js';
import type { Lab } from '../lab.js';
import { untilWell } from '../wellness.js';
import { deploy, removeReleases } from './new-release.js';
import { startAnew } from './start-anew.js';

const MAIN = '/srv/shop/releases/r41/app.py';
const KEPT = '/root/app.py.kept';
/** So long the release has served every page before anything else happens. */
const SERVED_MS = 5000;

/** The shop as the lab brings it, for a scenario to give it another way to fail. */
export const SHOP_CODE = readFileSync(
  path.join(import.meta.dirname, '../hosts/web/srv/shop/releases/r41/app.py'),
  'utf8',
);

/** The shop has had this code for long; a release that adds a greeting to it goes out on every host, and works. */
export async function releaseGreeting(lab: Lab, code: string): Promise<void> {
  lab.web.forEach((host) => {
    layShop(host, code);
    deploy(host, {
      service: 'shop',
      release: 'r42',
      edit: 's/"orders": orders}/"orders": orders, "greeting": "Happy Advent"}/',
    });
  });
  await untilWell(lab);
  await sleep(SERVED_MS);
}

export const takeGreeting = (lab: Lab): void => {
  for (const host of lab.web) {
    removeReleases(host, 'shop');
    host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${MAIN}; touch -h -d '9 days ago' /srv/shop/releases/r41`);
    startAnew(host, 'shop');
  }
};

const layShop = (host: LabHost, code: string): void => {
  host.sh(`[ -e ${KEPT} ] || cp -p ${MAIN} ${KEPT}`);
  host.run('sh', '-euc', 'printf "%s" "$1" >"$2"; touch -r "$3" "$2"', 'sh', code, MAIN, KEPT);
};
