import type { LabHost } from '../host.js';

const FILE = '/etc/ssl/openssl.cnf';
const KEPT = '/root/openssl.kept';

/** What a host's own OpenSSL insists on from now on, for every program that is started after this. */
export function hardenOpenssl(host: LabHost, setting: string): void {
  const lines = ['openssl_conf = init', '[init]', 'ssl_conf = ssl', '[ssl]', 'system_default = all', '[all]'];
  const script = `cp -p ${FILE} ${KEPT}; printf '%s\\n' "$1" >${FILE}`;
  host.run('sh', '-euc', script, 'sh', [...lines, setting].join('\n'));
}

export const softenOpenssl = (host: LabHost): void => {
  host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}`);
};
