import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody put a line that HAProxy does not know into its configuration, and restarted it instead of reloading it.',
  because:
    'Nothing answers on port 80 of the balancer: connections are refused. Its unit failed at the start with words about its own file, and systemd gave up; every app behind it runs and answers.',
  service: 'desk',
  users: [0],
  settleSeconds: 4,
  inject: ({ host }) =>
    void host('lb-1').sh(`cd /etc/haproxy; cp -p haproxy.cfg kept.cfg
      sed -i 's/^    timeout queue 4s/    timeout queu 4s/' haproxy.cfg
      systemctl restart --no-block haproxy`),
  heal: ({ host }) =>
    void host('lb-1').sh(`cd /etc/haproxy; [ ! -e kept.cfg ] || mv -f kept.cfg haproxy.cfg
      systemctl reset-failed haproxy 2>/dev/null || :; systemctl restart haproxy`),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'health-check', 'deliberate'],
  },
});
