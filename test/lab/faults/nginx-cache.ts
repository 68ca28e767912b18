import type { LabHost } from '../host.js';
import { addToNginx, removeFromNginx } from './nginx.js';

const FILE = '/etc/nginx/conf.d/lab-cache.conf';
const FOLDER = '/var/cache/nginx-answers';

/** nginx keeps whatever the app answers to this page for ten minutes, a failure as well, and gives it to all. */
export function keepAnswersOf(host: LabHost, page: string): void {
  host.sh(`echo 'proxy_cache_path ${FOLDER} keys_zone=answers:1m;' >${FILE}`);
  addToNginx(host, [
    `location = ${page} {`,
    'proxy_cache answers;',
    'proxy_cache_valid any 10m;',
    'proxy_set_header Host $host;',
    'proxy_pass http://127.0.0.1:8000;',
    '}',
  ]);
}

export function keepNoAnswers(host: LabHost): void {
  removeFromNginx(host);
  host.sh(`rm -f ${FILE}; touch -h -d '9 days ago' /etc/nginx/conf.d
    nginx -t -q; systemctl reload nginx; rm -rf ${FOLDER}`);
}
