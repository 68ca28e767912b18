import { limitUnit, unlimitUnit } from '../faults/limits.js';
import { releaseGreeting, SHOP_CODE, takeGreeting } from '../faults/innocent-release.js';
import { edited } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

/** Each page reckons a basket, which takes a tenth of a second of one core; after a second and a half it is given up. */
const SHOP = edited(SHOP_CODE, [
  ['import json\n', 'import hashlib\nimport json\n'],
  [
    'def page(payments=True):\n',
    `class NoPrice(Exception):
    pass


def price(basket):
    """The basket under every rule, each sealed with the one before."""
    until = time.monotonic() + 1.5
    seal = basket.encode()
    for rule in range(240):
        seal = hashlib.pbkdf2_hmac("sha256", seal, b"rule %d" % rule, 2000)
        if time.monotonic() > until:
            raise NoPrice
    return seal.hex()[:12]


def page(payments=True):
`,
  ],
  [
    '        if payments:\n',
    '        if payments:\n            step = "price"\n            price("basket of %d" % orders)\n',
  ],
  [
    '    except Exception as error:\n',
    `    except NoPrice:
        print("shop: could not price the basket", flush=True)
        return "503 Service Unavailable", {"status": "failing", "message": "could not price the basket"}
    except Exception as error:
`,
  ],
]);

export default defineScenario({
  fault:
    'Release r42 of the shop went out on every host and works. Some seconds later somebody on web-2 wants to hold a conversion of pictures to a twenty-fifth of a core (systemctl set-property … CPUQuota=4%) and gives the name of the shop.',
  because:
    'A third of the pages fail, all on web-2, each after a second and a half, with "could not price the basket". There, and only there, the unit has a quota of 4 % and the kernel holds it back in nearly every period, while the host is idle. web-1 and web-3 run the same release and serve every page; database, cache and payments answer web-2 as well as them.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 18,
  inject: async (lab) => {
    await releaseGreeting(lab, SHOP);
    limitUnit(lab.host('web-2'), 'shop', 'CPUQuota=4%');
  },
  heal: (lab) => {
    unlimitUnit(lab.host('web-2'), 'shop');
    takeGreeting(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'cpu-saturated',
    notSaid: ['deployment', 'dependency', 'database-connections', 'not-started', 'routing', 'deliberate'],
  },
});
