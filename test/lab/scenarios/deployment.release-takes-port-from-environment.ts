import { deployNode, runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

const LISTEN =
  "server.listen(8000, '127.0.0.1', () => log.info({}, 'Server listening at http://127.0.0.1:8000'));";

/** As the container platform of next year will want it. */
const LISTEN_ON_PORT = [
  'const port = process.env.PORT || 3000;',
  "  server.listen(port, '127.0.0.1', () => log.info({ port }, 'Server listening at http://127.0.0.1:' + port));",
].join('\n');

export default defineScenario({
  fault:
    'Release r42 of a shop of Node.js takes its port from PORT and 3000 where that is not set; its author has it in a file .env that stays on his laptop, and no host sets it. It went out to every host, and the deploy asked systemd only whether the unit is active.',
  because:
    'The unit is active on every host and its process starts without a complaint, but since the link changed it says "Server listening at http://127.0.0.1:3000", and nothing listens on 8000, where r41 did until that second. nginx, whose configuration is as old as ever, is refused there, for the health page too, so all members are DOWN. The release moved, and a rollback mends it.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: async (lab) => {
    await runNodeShop(lab);
    for (const host of lab.web) deployNode(host, 'r42', [[LISTEN, LISTEN_ON_PORT]]);
  },
  heal: (lab) => lab.web.forEach(endOtherShop),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-failing', 'release-erring', 'rollout-in-progress'],
    notSaid: ['overload', 'dependency', 'database-connections', 'deliberate'],
  },
});
