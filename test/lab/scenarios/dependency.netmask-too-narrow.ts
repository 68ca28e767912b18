import type { LabHost } from '../host.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

/** What a host takes for its own network, and thus reaches: there is no router. */
const setMask = (host: LabHost, bits: number): string =>
  host.sh(
    `ip -4 addr flush dev host0 scope global; ip addr add ${host.address}/${String(bits)} dev host0; ip link set host0 up`,
  );

export default defineScenario({
  fault:
    'A template of the network gave every host of the app a mask of 28 bits instead of 24: it still reaches the balancer and its neighbours, but neither database nor cache nor payments nor the name server, which stand further up. The app was restarted afterwards.',
  because:
    'The app finds no name any more, and every address beyond .15 is "Network is unreachable" from each of these hosts, at once; all of it answers whoever asks from elsewhere. Four services do not fail at one moment: what they have in common is the way there, and the hosts have no route.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) => {
      setMask(host, 28);
      host.run('systemctl', 'restart', 'shop');
    }),
  heal: ({ web }) => {
    web.forEach((host) => setMask(host, 24));
    // What was open waits long before it tries again.
    for (const host of web) for (const unit of ['shop', 'desk']) startAnew(host, unit);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'deliberate',
      'member-unreachable',
    ],
  },
});
