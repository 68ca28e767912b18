import type { LabHost } from '../host.js';
import { layDropIn } from './unit-drop-in.js';

const NGINX = '/etc/nginx/conf.d/shop.conf';
const KEPT = '/root/shop-nginx.kept';
const FREE = 'for i in $(seq 60); do [ -n "$(ss -Hltn sport = :8000)" ] || break; sleep 0.1; done';
const STOP = `timeout 6 systemctl stop shop || {
  systemctl kill --signal=KILL shop 2>/dev/null || :
  systemctl stop shop || : ; }`;
const FORGET = `truncate -s 0 /var/log/nginx/error.log; journalctl -q --rotate --vacuum-time=1s`;

export type OtherServer = {
  /** By name: `/srv/shop/current` or another folder, all as old as the rest. */
  readonly files?: Readonly<Record<string, string>>;
  /** Lines of the unit's drop-in, below `[Service]`. */
  readonly service: readonly string[];
  /** What stands for the whole of the shop's nginx configuration, if it is another. */
  readonly nginx?: string;
};

/** The shop run by another server than gunicorn, as if it had been so for long: neither logs nor times tell of a change. */
export function runByOtherServer(host: LabHost, { files = {}, service, nginx }: OtherServer): void {
  for (const [file, text] of Object.entries(files)) write(host, file, text);
  layDropIn(host, 'shop', ['[Service]', ...service]);
  host.sh(`systemctl daemon-reload
    ${STOP}
    ${FREE}
    ${OLD}`);
  host.run('systemctl', 'start', 'shop');
  if (nginx !== undefined) {
    host.sh(`[ -e ${KEPT} ] || cp -p ${NGINX} ${KEPT}`);
    write(host, NGINX, nginx);
    host.sh(`${OLD}; nginx -t -q; systemctl reload nginx`);
  }
  host.sh(
    `for i in $(seq 50); do curl -sf -m 2 -o /dev/null http://127.0.0.1:8000/health/ && break; sleep 0.2; done
     ${FORGET}`,
  );
}

/** Gunicorn again, from whatever state; the files that were laid down are named anew, for they may be there in part. */
export function runByGunicornAgain(host: LabHost, files: readonly string[]): void {
  host.sh(`if [ -e ${KEPT} ]; then mv -f ${KEPT} ${NGINX}; nginx -t -q; systemctl reload nginx; fi
    systemctl kill --signal=CONT shop 2>/dev/null || :
    ${STOP}
    ${FREE}
    rm -rf /etc/systemd/system/shop.service.d ${files.join(' ')}
    ${OLD}
    systemctl daemon-reload
    systemctl reset-failed shop 2>/dev/null || :
    systemctl start shop
    ${FORGET}`);
}

const OLD = `find /etc/nginx /etc/shop /srv/shop -exec touch -h -d '9 days ago' {} +`;

const write = (host: LabHost, file: string, text: string): void => {
  host.run('sh', '-euc', 'printf "%s\\n" "$1" >"$2"', 'sh', text, file);
};
