import type { LabHost } from '../host.js';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { removeFromNginx } from '../faults/nginx.js';
import { defineScenario } from '../scenario.js';

const SITE = '/etc/nginx/conf.d/shop-tls.conf';
const FOLDER = '/etc/nginx/tls';
const TRUSTED = '/etc/haproxy/house-authority.crt';

const KEY = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
const authority = (year: string, key: string, certificate: string): string =>
  `openssl req -x509 ${KEY} -days 900 -subj '/O=Nordlicht/CN=Nordlicht House Authority ${year}' -keyout ${key} -out ${certificate}`;

const SERVER = [
  'server {',
  'listen 443 ssl;',
  'server_name shop.lab.test;',
  `ssl_certificate ${FOLDER}/shop.crt;`,
  `ssl_certificate_key ${FOLDER}/shop.key;`,
  'location / {',
  'proxy_set_header Host $host;',
  'proxy_pass http://127.0.0.1:8000;',
  '}',
  '}',
].join('\n');

/** A certificate for the right name, good for a year, of the authority of this year. */
const speakTls = (host: LabHost): void => {
  host.sh(`mkdir -p ${FOLDER}; cd ${FOLDER}
    ${authority('2026', 'authority.key', 'authority.crt')}
    openssl req ${KEY} -subj /CN=shop.lab.test -keyout shop.key -out shop.csr
    echo 'subjectAltName=DNS:shop.lab.test' >names
    openssl x509 -req -in shop.csr -CA authority.crt -CAkey authority.key -CAcreateserial -days 365 -extfile names -out shop.crt
    rm -f authority.key authority.srl shop.csr names`);
  host.run('sh', '-euc', `printf '%s\\n' "$1" >${SITE}; nginx -t -q; systemctl reload nginx`, 'sh', SERVER);
};

export default defineScenario({
  fault:
    'The balancer speaks TLS to nginx on every host and trusts the old authority of the house only (verify required); the hosts got their certificates of this year from the new one, which nobody put on the balancer.',
  because:
    'All members are DOWN with L6RSP: the handshake fails at the balancer, which does not know who signed, while port 443 of every host is open. The certificates are valid and for the right name, and each host serves whoever trusts the new authority. What is wrong lies between the two, and a check that asked less would not help: requests go the same way.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    lab.web.forEach(speakTls);
    lab
      .host('lb-1')
      .sh(
        `${authority('2021', '/root/house.key', TRUSTED)}; rm -f /root/house.key; touch -d '9 days ago' ${TRUSTED}`,
      );
    changeBalancer(
      lab,
      `s|^    server \\(web-.*\\):80$|    server \\1:443 ssl verify required ca-file ${TRUSTED} sni str(shop.lab.test) check-sni shop.lab.test|`,
    );
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('lb-1').run('rm', '-f', TRUSTED);
    lab.web.forEach((host) => {
      host.run('rm', '-rf', SITE, FOLDER);
      removeFromNginx(host);
    });
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'wrong-upstream', 'certificate-expired'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'database-connections', 'deployment', 'deliberate'],
  },
});
