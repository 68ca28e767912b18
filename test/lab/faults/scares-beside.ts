import type { LabHost } from '../host.js';
import type { Lab } from '../lab.js';
import { HOSTS, WEB } from '../topology.js';
import { endProgram, startProgram } from './background-program.js';
import { fillDisk, freeDisk } from './full-disk.js';
import { bugSleeps, wakeBug } from './old-code.js';
import { openSessions } from './sql-session.js';

/** More true and striking facts that have nothing to do with what users get. */

const SITE = '/etc/nginx/conf.d/zz-images.conf';
const SITE_LOG = '/var/log/nginx/images.access.log';
const CRAWLER = 'lab-images-crawler';

const IMAGES = [
  'server {',
  '  listen 80;',
  '  server_name images.lab.test;',
  `  access_log ${SITE_LOG};`,
  '  location / {',
  '    proxy_pass http://127.0.0.1:8089;',
  '  }',
  '}',
].join('\n');

const CRAWL = `
import time, urllib.request
while True:
    for address in ${JSON.stringify(WEB.map((name) => HOSTS[name].address))}:
        try:
            request = urllib.request.Request("http://%s/thumbs/4711.jpg" % address, headers={"Host": "images.lab.test"})
            urllib.request.urlopen(request, timeout=3).read()
        except OSError:
            pass
        time.sleep(0.2)
`;

const RELOAD = `find /etc/nginx -exec touch -h -d '9 days ago' {} +; nginx -t -q; systemctl reload nginx`;

/** A second site of nginx on every host, whose server was given up long ago, and a crawler that goes on asking for it. */
export function startDeadImagesSite(lab: Lab): void {
  for (const host of lab.web) host.run('sh', '-euc', `printf '%s\\n' "$1" >${SITE}; ${RELOAD}`, 'sh', IMAGES);
  startProgram(lab.host('pay-1'), CRAWLER, CRAWL);
}

export function endDeadImagesSite(lab: Lab): void {
  endProgram(lab.host('pay-1'), CRAWLER);
  for (const host of lab.web)
    host.sh(`rm -f ${SITE}; ${RELOAD}; rm -f ${SITE_LOG}; truncate -s 0 /var/log/nginx/error.log`);
}

/** What nginx wrote into its log half an hour ago, when the app was away for a minute. It is the same incident on each host. */
export function leaveLinesOfOldIncident(host: LabHost): void {
  const line = (second: string): string =>
    `$day:${second} [error] 612#612: *88${second} connect() failed (111: Connection refused) while connecting to upstream, ` +
    `client: ${HOSTS['lb-1'].address}, server: shop.lab.test, request: "GET / HTTP/1.1", ` +
    `upstream: "http://127.0.0.1:8000/", host: "shop.lab.test"`;
  const seconds = Array.from({ length: 58 }, (_, second) => String(second).padStart(2, '0'));
  const lines = seconds.map((second) => `echo '${line(second).replace('$day', `'"$day"'`)}'`).join('\n');
  // nginx has the file open: it keeps its place on the disk.
  host.sh(`day=$(date -d '-32 minutes' '+%Y/%m/%d %H:%M')
    { ${lines}
      cat /var/log/nginx/error.log; } >/root/error.log.new
    cat /root/error.log.new >/var/log/nginx/error.log; rm -f /root/error.log.new`);
}

export const removeLinesOfOldIncident = (host: LabHost): void => {
  host.sh('truncate -s 0 /var/log/nginx/error.log; rm -f /root/error.log.new');
};

const PICTURES = '/srv/old-pictures';

/** A disk of old pictures is full, as it has been since nobody puts any there. */
export function fillOldPictures(host: LabHost): void {
  host.run('mkdir', '-p', PICTURES);
  fillDisk(host, PICTURES);
}

export function removeOldPictures(host: LabHost): void {
  freeDisk(host, PICTURES);
  host.run('rm', '-rf', PICTURES);
}

/** A colleague looks at numbers in psql and forgets three transactions. `endSessions` of `sql-session` ends them. */
export const forgetReadTransactions = (lab: Lab, database: 'shop' | 'desk'): void => {
  const table = database === 'shop' ? 'orders' : 'tickets';
  openSessions(lab, database, `begin; select count(*) from ${table};`, 3);
};

/** Night jobs that wait for one another by an advisory lock of their own. `endSessions` of `sql-session` ends them. */
export function queueNightJobs(lab: Lab, database: 'shop' | 'desk'): void {
  openSessions(lab, database, 'select pg_advisory_lock(20231);');
  openSessions(lab, database, 'select pg_advisory_lock(20231);', 2);
}

const REPORTS = 'lab-reports';

const SICK_REPORTS = `
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Reports(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"status": "DOWN", "warehouse": "connection refused"}'
        self.send_response(503)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
ThreadingHTTPServer(("127.0.0.1", 9300), Reports).serve_forever()
`;

const ASK_REPORTS = [
  'def link_to_reports():',
  '    try:',
  '        urllib.request.urlopen("http://127.0.0.1:9300/health", timeout=1).close()',
  '    except OSError as error:',
  '        print("desk: no link to reports: %s" % error, file=sys.stderr, flush=True)',
  '',
  '',
].join('\\n');

const LINK = [
  's|^import time$|&\\nimport urllib.request|',
  `s|^def tickets():$|${ASK_REPORTS}\\n&|`,
  's|^    sessions.set("last-seen", time.time())$|&\\n    link_to_reports()|',
].join('; ');

/**
 * A service for reports on each host of the desk says 503 on its health page; the desk has always asked it before it shows
 * a link there, and shows its page without one. To be called while the release of before is the current one.
 */
export function startSickReports(host: LabHost): void {
  startProgram(host, REPORTS, SICK_REPORTS);
  wakeBug(host, 'desk', 'main.py', LINK);
}

/** Before `removeReleases`; the desk must be started anew after it. */
export function endSickReports(host: LabHost): void {
  endProgram(host, REPORTS);
  bugSleeps(host, 'desk', 'main.py');
}
