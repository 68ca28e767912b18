import { beFrameworkShop, beUsualShop } from '../faults/framework-shop.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { speak, speakAsBefore } from '../faults/server-language.js';
import { untilNoSlotIsLeft } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A report on another host keeps every connection of the database; the server speaks German, the app logs lines of JSON, and its page is two words.',
  because:
    'Every slot that an ordinary login may have is taken by idle sessions of the report. The stack trace inside the JSON of each host says in German that what is left is reserved for superusers. The page of the app and that of the balancer say nothing, and no host is short of anything.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    speak(lab, 'de_DE');
    await beFrameworkShop(lab, { logs: 'json', page: 'bare' });
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test:5432/shop',
      application: 'umsatzbericht',
      sessions: 30,
    });
    untilNoSlotIsLeft(lab);
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    speakAsBefore(lab);
    lab.web.forEach(beUsualShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted', 'app-refused-connection'],
    notSaid: ['dependency', 'overload', 'not-started', 'deployment', 'routing', 'deliberate'],
  },
});
