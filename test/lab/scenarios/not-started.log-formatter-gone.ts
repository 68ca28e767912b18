import { brand, removeBrand, writeBrand } from '../faults/balancer-brand.js';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { layDropIn, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/desk/logging.ini';
const LOGS = '/var/log/desk';
const SETTINGS = [
  ...['[loggers]', 'keys=root,gunicorn.error', '[handlers]', 'keys=console', '[formatters]', 'keys=json'],
  ...['[logger_root]', 'level=INFO', 'handlers=console'],
  ...['[logger_gunicorn.error]', 'level=INFO', 'handlers=console', 'propagate=0', 'qualname=gunicorn.error'],
  ...['[handler_console]', 'class=StreamHandler', 'formatter=json', 'args=(sys.stdout,)'],
  ...['[formatter_json]', 'class=pythonjsonlogger.jsonlogger.JsonFormatter'],
  'format=%(asctime)s %(levelname)s %(name)s %(message)s',
];

export default defineScenario({
  fault:
    'The package that formats the log as JSON was cleaned away from every host, and gunicorn ends at its start without it. The unit writes into a file, and the balancer logs no request and shows a page of the house.',
  because:
    'Each unit is started again every few seconds and ends with status 1 before it listens, which systemd says in the journal and nobody else does; why stands in the file. The balancer finds every port closed, and its own page is only what it shows then.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: (lab) => {
    writeBrand(lab, 'Something went wrong. Please try again in a moment.');
    changeBalancer(lab, brand({ log: 'none' }));
    lab.web.forEach((host) => {
      host.run(
        'sh',
        '-euc',
        `printf '%s\\n' "$1" >${FILE}; touch -d '9 days ago' ${FILE} /etc/desk
        install -d -o games -g adm -m 2750 ${LOGS}`,
        'sh',
        SETTINGS.join('\n'),
      );
      layDropIn(host, 'desk', [
        '[Service]',
        `Environment=GUNICORN_CMD_ARGS="--log-config ${FILE}"`,
        `StandardOutput=append:${LOGS}/desk.log`,
        `StandardError=append:${LOGS}/desk.log`,
      ]);
      host.sh(`find /etc/systemd/system/desk.service.d -exec touch -d '9 days ago' {} +
        systemctl daemon-reload; systemctl restart --no-block desk`);
    });
  },
  heal: (lab) => {
    restoreBalancer(lab);
    removeBrand(lab);
    lab.web.forEach((host) => {
      restoreUnit(host, 'desk');
      host.run('rm', '-rf', FILE, LOGS);
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'unit-restarted-repeatedly'],
    hop: 'balancer',
    notSaid: ['deliberate', 'overload', 'dependency', 'database-connections', 'deployment', 'routing'],
  },
});
