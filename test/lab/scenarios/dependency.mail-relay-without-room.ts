import { beFrameworkShop, beUsualShop, type Change } from '../faults/framework-shop.js';
import { fillDisk } from '../faults/full-disk.js';
import { removeMailRelay, SPOOL, startMailRelay } from '../faults/mail-relay.js';
import { defineScenario } from '../scenario.js';

/** Each page confirms the order of the customer by mail before it is shown. */
const CONFIRM_BY_MAIL: readonly Change[] = [
  ['import os\nimport sys\n', 'import os\nimport smtplib\nimport sys\n'],
  [
    'def index(trace):',
    `class ConfirmationUnavailable(ShopError):
    pass


def send_confirmation(orders):
    letter = "Subject: Your order\\r\\n\\r\\nThank you. It is number %d of today." % orders
    try:
        with smtplib.SMTP("mail.lab.test", 25, timeout=5) as relay:
            relay.sendmail("shop@nordlicht.example", ["orders@nordlicht.example"], letter)
    except OSError as error:
        raise ConfirmationUnavailable("confirmation could not be sent") from error


def index(trace):`,
  ],
  ['    note_visit()\n    return', '    note_visit()\n    send_confirmation(orders)\n    return'],
];

export default defineScenario({
  fault:
    'Each page confirms an order by mail. The disk of the mail relay of the house is full, so that it takes no letter any more; nobody told diag503 that the shop sends any.',
  because:
    'The log of the app has "confirmation could not be sent" for each page, caused by SMTPSenderRefused: the relay answers 452 4.3.1 Insufficient system storage. Name and port of the relay are well, and so are database, cache, payments, the health page and the disks of the hosts: it is the disk of somebody else that is full.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    startMailRelay(lab);
    await beFrameworkShop(lab, { logs: 'java', page: 'bare', changes: CONFIRM_BY_MAIL });
    fillDisk(lab.host('pay-1'), SPOOL);
  },
  heal: (lab) => {
    lab.web.forEach(beUsualShop);
    removeMailRelay(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'app-blames-dependency',
      'app-refused-by-dependency',
      'undeclared-dependency',
      'dependency-failing',
    ],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'certificate-expired',
    ],
  },
  wrongBecause:
    'The app logs to a file of its own, which diag503 does not know, and its answers say nothing; the relay is not declared.',
});
