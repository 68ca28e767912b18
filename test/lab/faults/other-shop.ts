import path from 'node:path';
import type { Lab } from '../lab.js';
import type { LabHost } from '../host.js';
import { untilWell } from '../wellness.js';
import { removeReleases } from './new-release.js';
import { startAnew } from './start-anew.js';
import { layDropIn } from './unit-drop-in.js';

const RELEASES = '/srv/shop/releases';
const OLD = `${RELEASES}/r41`;
const NGINX = '/etc/nginx/conf.d/shop.conf';
const KEPT = '/root/shop-nginx.kept';
const AS_OLD_AS_THE_REST = `find /etc/nginx /etc/shop /srv/shop -exec touch -h -d '9 days ago' {} +`;
const FORGET = 'journalctl -q --rotate --vacuum-time=1s; truncate -s 0 /var/log/nginx/error.log';

/** A shop that is written in another language, or run by another server, than that of `hosts/web`. */
export type OtherShop = {
  /** By name: of the release, unless it begins with a slash. */
  readonly files?: Readonly<Record<string, string>>;
  /** Lines of its unit. */
  readonly unit: readonly string[];
  /** What stands for the whole of the shop's nginx configuration, if it is another. */
  readonly nginx?: string;
};

/** What an app of this kind says in other words than its usual ones. */
export function edited(text: string, edits: readonly (readonly [string, string])[]): string {
  return edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`The code of the shop has no "${from}".`);
    return before.replace(from, () => to);
  }, text);
}

/** The shop as it has been for long: every host serves by it, and neither logs nor times tell of the change. */
export async function runOtherShop(lab: Lab, shop: OtherShop): Promise<void> {
  for (const host of lab.web) runOtherShopOn(host, shop);
  await untilWell(lab);
  for (const host of lab.web) host.sh(FORGET);
}

export function runOtherShopOn(host: LabHost, { files = {}, unit, nginx }: OtherShop): void {
  for (const [name, text] of Object.entries(files)) write(host, path.posix.resolve(OLD, name), text);
  host.run('systemctl', 'stop', 'shop');
  if (nginx !== undefined) {
    host.sh(`[ -e ${KEPT} ] || cp -p ${NGINX} ${KEPT}`);
    write(host, NGINX, nginx);
    host.sh('nginx -t -q; systemctl reload nginx');
  }
  host.sh(AS_OLD_AS_THE_REST);
  changeOtherShop(host, unit);
  host.sh(`for i in $(seq 200); do
      curl -sf -o /dev/null -m 5 http://127.0.0.1:8000/health/ && { ${FORGET}; exit 0; }; sleep 0.3; done; exit 1`);
}

/** Its unit with these lines, started anew. */
export function changeOtherShop(host: LabHost, unit: readonly string[]): void {
  layDropIn(host, 'shop', ['[Service]', 'ExecStart=', ...unit]);
  host.sh(`find /etc/systemd/system/shop.service.d -exec touch -d '9 days ago' {} +
    systemctl daemon-reload; systemctl restart --no-block shop`);
}

/** The usual deploy of a release in which one file is another: unpack, link, restart. */
export function deployOther(host: LabHost, release: string, file: string, text: string): void {
  host.sh(`cp -r ${OLD} ${RELEASES}/${release}`);
  write(host, `${RELEASES}/${release}/${file}`, text);
  host.sh(`ln -sfn releases/${release} /srv/shop/current; systemctl restart --no-block shop`);
}

/** The shop of `hosts/web` again, whatever runs or hangs in its place. Files beyond its release stay. */
export function endOtherShop(host: LabHost): void {
  removeReleases(host, 'shop');
  host.sh(`if [ -e ${KEPT} ]; then mv -f ${KEPT} ${NGINX}; nginx -t -q; systemctl reload nginx; fi
    find ${OLD} -mindepth 1 -maxdepth 1 ! -name app.py ! -name __pycache__ -exec rm -rf {} +
    rm -rf /etc/systemd/system/shop.service.d
    ${AS_OLD_AS_THE_REST}
    systemctl daemon-reload`);
  startAnew(host, 'shop');
  host.sh(FORGET);
}

const write = (host: LabHost, file: string, text: string): void => {
  host.run('sh', '-euc', 'printf "%s\\n" "$1" >"$2"', 'sh', text, file);
};
