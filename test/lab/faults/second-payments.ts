import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LabHost } from '../host.js';
import { KEPT, type Lab } from '../lab.js';

/** Callers take neither address before the other: both are as near to every host of the app (RFC 6724, rule 9). */
const ADDRESS = '10.203.0.26';
const RECORD = `host-record=payments.lab.test,${ADDRESS}`;
const ZONE = '/etc/dnsmasq.d/lab.conf';
const FOLDER = '/srv/payments';
const UNIT = 'payments-2';

const write = (host: LabHost, file: string, text: string): void => {
  host.run('sh', '-euc', 'printf "%s" "$1" >"$2"', 'sh', text, `${FOLDER}/${file}`);
};

/**
 * A second machine of the payment service, with the program of the first and a certificate of its own, on an address
 * that the host of the pooler lends it. The name in the DNS leads to both in turn.
 */
export function startSecondPayments({ host }: Lab, certificate: 'server.crt' | 'expired.crt'): void {
  const second = host('pool-1');
  second.run('mkdir', '-p', FOLDER);
  write(second, 'server.py', host('pay-1').run('cat', `${FOLDER}/server.py`));
  write(second, 'server.crt', readFileSync(path.join(KEPT, certificate), 'utf8'));
  write(second, 'server.key', readFileSync(path.join(KEPT, 'server.key'), 'utf8'));
  const options = ['--collect', `--unit=${UNIT}`, '--property=TimeoutStopSec=3'];
  second.run('ip', 'addr', 'replace', `${ADDRESS}/24`, 'dev', 'host0');
  second.run('systemd-run', '-q', ...options, 'python3', `${FOLDER}/server.py`);
  second.sh(`timeout 10 sh -c 'until ss -Hltn sport = :8443 | grep -q .; do sleep 0.2; done'`);
  host('ns-1').sh(`echo '${RECORD}' >>${ZONE}; systemctl restart dnsmasq`);
}

export function endSecondPayments({ host }: Lab): void {
  host('ns-1').sh(`sed -i '/^${RECORD}$/d' ${ZONE}; systemctl restart dnsmasq`);
  host('pool-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :
    systemctl reset-failed ${UNIT} 2>/dev/null || :
    ip addr del ${ADDRESS}/24 dev host0 2>/dev/null || :
    rm -rf ${FOLDER}`);
}
