import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { KEPT } from '../lab.js';

const openssl = (...args: string[]): void => {
  execFileSync('openssl', args, { cwd: KEPT, stdio: 'pipe' });
};

/** Of the lab's authority and valid, but for another name than the one that is called. */
export function makeOtherName(): void {
  writeFileSync(path.join(KEPT, 'other-names'), 'subjectAltName=DNS:billing.lab.test\n');
  const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
  const request = ['-in', 'server.csr', '-days', '5', '-extfile', 'other-names', '-out', 'other-name.crt'];
  openssl('x509', '-req', ...request, ...authority);
}

/** For the right name, but of nobody's authority. */
export function makeSelfSigned(): void {
  const name = ['-subj', '/CN=payments.lab.test', '-addext', 'subjectAltName=DNS:payments.lab.test'];
  openssl('req', '-x509', '-key', 'server.key', '-days', '5', ...name, '-out', 'self-signed.crt');
}

/** For the right name, of the lab's authority, and good from tomorrow on. */
export function makeNotYetValid(): void {
  const day = 86_400_000;
  const time = (at: number): string => `${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const dates = ['-startdate', time(Date.now() + day), '-enddate', time(Date.now() + 20 * day)];
  const request = ['-extfile', 'names', ...dates, '-in', 'server.csr', '-out', 'not-yet-valid.crt'];
  openssl('ca', '-batch', '-notext', '-config', 'ca.conf', ...request);
}
