import { releaseGreeting, SHOP_CODE, takeGreeting } from '../faults/innocent-release.js';
import { edited } from '../faults/other-shop.js';
import { endSecondPayments, startSecondPayments } from '../faults/second-payments.js';
import { defineScenario } from '../scenario.js';

/** The shop waits a second and a half for an authorisation, and tells the customer no more than that the order is rejected. */
const SHOP = edited(SHOP_CODE, [
  ['connection = None\n', 'connection = None\n\n\nclass Rejected(Exception):\n    pass\n'],
  [
    `            with urllib.request.urlopen(PAYMENTS_URL, timeout=8) as answer:
                json.load(answer)
`,
    `            try:
                with urllib.request.urlopen(PAYMENTS_URL, timeout=1.5) as answer:
                    json.load(answer)
            except OSError:
                raise Rejected("no answer")
`,
  ],
  [
    '    except Exception as error:\n',
    `    except Rejected as reason:
        print("order rejected: %s" % reason, flush=True)
        return "503 Service Unavailable", {"status": "rejected", "message": "Please try again later."}
    except Exception as error:
`,
  ],
]);

export default defineScenario({
  fault:
    'The payment service has two machines under one name. Release r42 of the shop, with a greeting for Advent, went out on every host and works; some seconds later the second of the two machines begins to take twenty seconds for each answer.',
  because:
    'Half of the pages fail on every host alike, each after the second and a half that the app waits, with "order rejected: no answer". The name has two addresses: one answers at once, the other lets everybody in and answers nobody in time, whichever host asks. The release served every page until then, and the health page, which does not ask for money, is content.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 16,
  inject: async (lab) => {
    startSecondPayments(lab, 'server.crt');
    await releaseGreeting(lab, SHOP);
    lab.host('pool-1').sh("mkdir -p /run/payments; echo 'slow 20' >/run/payments/mode");
  },
  heal: (lab) => {
    lab.host('pool-1').sh('rm -rf /run/payments');
    endSecondPayments(lab);
    takeGreeting(lab);
  },
  wrongBecause:
    'Our own requests were all served, and the log of HAProxy does not tell whether nginx or the app behind it wrote the 503 of others.',
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-slow', 'dependency-failing', 'dependency-unreachable', 'app-blames-dependency'],
    hop: 'app',
    notSaid: [
      'deployment',
      'overload',
      'database-connections',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'certificate-expired',
    ],
  },
});
