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
