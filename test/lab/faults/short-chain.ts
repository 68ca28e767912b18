import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KEPT, type Lab } from '../lab.js';

const openssl = (...args: string[]): void => {
  execFileSync('openssl', args, { cwd: KEPT, stdio: 'pipe' });
};

/**
 * A valid certificate for the right name, signed by an authority between the known one and the server, and shown without
 * the certificate of that authority. `useCertificate` with the usual one undoes it.
 */
export function showWithoutChain(lab: Lab): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const between = ['-keyout', 'between.key', '-out', 'between.csr'];
  openssl('req', ...key, '-subj', '/CN=Lab Services G2', ...between);
  writeFileSync(path.join(KEPT, 'between.ext'), 'basicConstraints=critical,CA:TRUE\n');
  sign('between.csr', 'between.ext', 'between.crt', 'ca');
  sign('server.csr', 'names', 'no-chain.crt', 'between');
  const text = readFileSync(path.join(KEPT, 'no-chain.crt'), 'utf8');
  const script = 'printf "%s" "$1" >/srv/payments/server.crt; systemctl restart payments';
  lab.host('pay-1').run('sh', '-euc', script, 'sh', text);
}

const sign = (request: string, extensions: string, out: string, by: 'ca' | 'between'): void =>
  openssl(
    ...['x509', '-req', '-in', request, '-extfile', extensions, '-days', '20', '-out', out],
    ...['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial'],
  );
