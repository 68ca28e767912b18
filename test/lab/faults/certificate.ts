import { readFileSync } from 'node:fs';
import path from 'node:path';
import { KEPT, type Lab } from '../lab.js';

type CertificateFile =
  'server.crt' | 'expired.crt' | 'other-name.crt' | 'self-signed.crt' | 'not-yet-valid.crt';

/** The payment service shows this certificate of the lab's authority from now on. */
export function useCertificate(lab: Lab, file: CertificateFile): void {
  const text = readFileSync(path.join(KEPT, file), 'utf8');
  lab
    .host('pay-1')
    .run('sh', '-euc', 'printf "%s" "$1" >/srv/payments/server.crt; systemctl restart payments', 'sh', text);
}
