import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const openssl = (folder: string, ...args: string[]): void => {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
};

/** An authority of the lab's own, and the payment service's certificate: one that is valid, one that ended yesterday. */
export function makeCertificates(folder: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    folder,
    'req',
    '-x509',
    ...key,
    '-days',
    '30',
    '-subj',
    '/CN=Lab',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
  );
  openssl(
    folder,
    'req',
    ...key,
    '-subj',
    '/CN=payments.lab.test',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
  );
  writeFileSync(path.join(folder, 'names'), 'subjectAltName=DNS:payments.lab.test\n');
  writeFileSync(path.join(folder, 'index'), '');
  writeFileSync(path.join(folder, 'ca.conf'), CA);
  const day = 86_400_000;
  sign(folder, 'server.crt', Date.now() - day, Date.now() + 20 * day);
  sign(folder, 'expired.crt', Date.now() - 30 * day, Date.now() - day);
}

function sign(folder: string, out: string, from: number, until: number): void {
  const time = (at: number): string => `${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const dates = ['-startdate', time(from), '-enddate', time(until)];
  openssl(
    folder,
    ...['ca', '-batch', '-notext', '-config', 'ca.conf', '-extfile', 'names'],
    ...[...dates, '-in', 'server.csr', '-out', out],
  );
}

const CA = `[ca]
default_ca = lab
[lab]
database = index
new_certs_dir = .
certificate = ca.crt
private_key = ca.key
default_md = sha256
unique_subject = no
policy = any
rand_serial = yes
[any]
commonName = supplied
`;
