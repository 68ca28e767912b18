import { setTimeout as sleep } from 'node:timers/promises';
import { endLoad, startLoad } from '../faults/load.js';
import { limitRateOf, removeFromNginx } from '../faults/nginx.js';
import { untilAnswers } from '../faults/redis.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A crawler asks for the search all night and nginx sends it away with 503, as it should; then Redis is restarted with a hardened configuration and speaks TLS only, which the app does not.',
  because:
    'The logs of nginx are full of "limiting requests" and 503, all for the search. What customers miss is the cache: its port is open, and it closes each connection that begins without TLS, so that every page and the health page fail, and all members are taken out.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async ({ host, web }) => {
    web.forEach((item) => limitRateOf(item, '/search'));
    startLoad('http://shop.lab.test/search', 3, 200);
    await sleep(6000);
    host('cache-1').sh(`cd /etc/redis
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
        -subj /CN=cache.lab.test -keyout tls.key -out tls.crt 2>/dev/null
      printf '%s\\n' 'port 0' 'tls-port 6379' 'tls-auth-clients no' 'tls-cert-file /etc/redis/tls.crt' \
        'tls-key-file /etc/redis/tls.key' 'tls-ca-cert-file /etc/redis/tls.crt' >tls.conf
      chown redis tls.key tls.crt tls.conf
      echo 'include /etc/redis/tls.conf' >>redis.conf; systemctl restart redis-server`);
  },
  heal: (lab) => {
    endLoad();
    lab
      .host('cache-1')
      .sh(
        'cd /etc/redis; sed -i /tls.conf/d redis.conf; rm -f tls.key tls.crt tls.conf; systemctl restart redis-server',
      );
    untilAnswers(lab);
    for (const host of lab.web) {
      removeFromNginx(host);
      startAnew(host, 'shop');
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'dependency-unreachable',
      'dependency-failing',
      'app-blames-dependency',
      'app-refused-by-dependency',
    ],
    hop: 'balancer',
    notSaid: ['deliberate', 'overload', 'not-started', 'database-connections', 'deployment', 'routing'],
  },
});
