import type { Lab } from '../lab.js';
import type { LabHost } from '../host.js';
import { untilWell } from '../wellness.js';
import { removeReleases } from './new-release.js';
import { startAnew } from './start-anew.js';
import { layDropIn } from './unit-drop-in.js';

const RELEASES = '/srv/shop/releases';
const OLD = `${RELEASES}/r41`;

/** A shop that is written in another language than that of `hosts/web`: files of its release, and lines of its unit. */
export type OtherShop = {
  readonly files: Readonly<Record<string, string>>;
  readonly unit: readonly string[];
};

/** What an app of this kind says in other words than its usual ones. */
export function edited(text: string, edits: readonly (readonly [string, string])[]): string {
  return edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`The code of the shop has no "${from}".`);
    return before.replace(from, () => to);
  }, text);
}

/** The shop as it has been for long: every host serves by it, and nothing tells of the change. */
export async function runOtherShop(lab: Lab, { files, unit }: OtherShop): Promise<void> {
  for (const host of lab.web) {
    for (const [name, text] of Object.entries(files)) write(host, `${OLD}/${name}`, text);
    host.sh(`find /srv/shop -exec touch -h -d '9 days ago' {} +`);
    host.run('systemctl', 'stop', 'shop');
    changeOtherShop(host, unit);
    host.sh(`for i in $(seq 200); do
        curl -sf -o /dev/null -m 5 http://127.0.0.1:8000/health/ && exit 0; sleep 0.3; done; exit 1`);
  }
  await untilWell(lab);
  for (const host of lab.web)
    host.sh('journalctl -q --rotate --vacuum-time=1s; truncate -s 0 /var/log/nginx/error.log');
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

/** The shop of `hosts/web` again, whatever runs or hangs in its place. */
export function endOtherShop(host: LabHost): void {
  removeReleases(host, 'shop');
  host.sh(`find ${OLD} -mindepth 1 -maxdepth 1 ! -name app.py ! -name __pycache__ -exec rm -rf {} +
    find /srv/shop -exec touch -h -d '9 days ago' {} +
    rm -rf /etc/systemd/system/shop.service.d; systemctl daemon-reload`);
  startAnew(host, 'shop');
}

const write = (host: LabHost, file: string, text: string): void => {
  host.run('sh', '-euc', 'printf "%s" "$1" >"$2"', 'sh', text, file);
};
