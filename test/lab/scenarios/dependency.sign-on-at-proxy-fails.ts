import type { LabHost } from '../host.js';
import { addToNginx, removeFromNginx } from '../faults/nginx.js';
import { removeSorryPage, SORRY_PAGE, writeSorryPage } from '../faults/sorry-page.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'sign-on';
const FOLDER = '/opt/sign-on';

/** It runs and answers, and cannot do its work: the store of its sessions is gone. */
const PROGRAM = `"""Single sign-on: nginx asks /verify before each page. 202: go on; 401: sign on first."""
import http.server
import socket
import sys

STORE = ("127.0.0.1", 6390)


class SignOn(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = 202, b""
        try:
            socket.create_connection(STORE, timeout=2).close()
        except OSError as error:
            status, body = 503, b"session store unavailable\\n"
            print("sign-on: cannot load session: store %s:%d: %s" % (*STORE, error), file=sys.stderr, flush=True)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", 4181), SignOn).serve_forever()
`;

const LINES = [
  'location = / {',
  'auth_request /verify;',
  'error_page 500 502 504 =503 /sorry.html;',
  'proxy_set_header Host $host;',
  'proxy_pass http://127.0.0.1:8000;',
  '}',
  'location = /verify {',
  'internal;',
  'proxy_pass_request_body off;',
  'proxy_set_header Content-Length "";',
  'proxy_pass http://127.0.0.1:4181;',
  '}',
  ...SORRY_PAGE,
];

const askSignOn = (host: LabHost): void => {
  host.run('sh', '-euc', `mkdir -p ${FOLDER}; printf '%s' "$1" >${FOLDER}/sign_on.py`, 'sh', PROGRAM);
  host.sh(`find ${FOLDER} -exec touch -d '9 days ago' {} +`);
  const start = ['systemd-run', '-q', '--collect', `--unit=${UNIT}`, '--property=TimeoutStopSec=3'];
  host.run(...start, 'python3', `${FOLDER}/sign_on.py`);
  writeSorryPage(host);
  addToNginx(host, LINES);
};

export default defineScenario({
  fault:
    'nginx asks a program for single sign-on before each page (auth_request); on every host it runs and answers 503, for the store of its sessions is gone, and nginx makes a 503 with a page of the house of that.',
  because:
    'The page comes from nginx, which logs "auth request unexpected status: 503": it did not ask the app, which answers 200 to this very request on its port. The sign-on is where it should be and answers; it says that its store is unavailable. Neither a rule nor a limit nor the app: something that the proxy needs has failed.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) => web.forEach(askSignOn),
  heal: ({ web }) =>
    web.forEach((host) => {
      removeFromNginx(host);
      removeSorryPage(host);
      host.sh(`systemctl stop ${UNIT} 2>/dev/null || :; rm -rf ${FOLDER}`);
    }),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'proxy',
    notSaid: ['not-started', 'overload', 'database-connections', 'deployment', 'health-check', 'deliberate'],
  },
});
