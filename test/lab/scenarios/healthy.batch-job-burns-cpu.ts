import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A nightly job with the least priority uses all the CPU that is left over on two hosts.',
  because: 'The CPU is busy and nobody waits for it: users get 200, and every member is up.',
  service: 'desk',
  users: [200],
  settleSeconds: 12,
  inject: ({ host }) =>
    [host('web-1'), host('web-2')].forEach((each) =>
      each.sh('systemd-run -q --collect --unit=lab-batch -p Nice=19 stress-ng --cpu 2 --timeout 90'),
    ),
  heal: ({ host }) =>
    [host('web-1'), host('web-2')].forEach((each) => each.sh('systemctl stop lab-batch 2>/dev/null || :')),
  expect: { status: 'healthy', cause: null },
});
