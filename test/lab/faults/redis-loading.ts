import type { Lab } from '../lab.js';
import { redis } from './redis.js';

/** A data set that takes minutes to load: Redis waits for each key, and answers in between. */
export const restartLoading = (lab: Lab): void => {
  redis(lab, 'DEBUG', 'POPULATE', '4000', 'key', '200');
  redis(lab, 'SAVE');
  lab
    .host('cache-1')
    .sh(
      "printf 'key-load-delay 50000\\nloading-process-events-interval-bytes 1024\\n' >/etc/redis/slow.conf; " +
        "echo 'include /etc/redis/slow.conf' >>/etc/redis/redis.conf; systemctl restart --no-block redis-server",
    );
};

export const endLoading = (lab: Lab): void => {
  lab
    .host('cache-1')
    .sh(
      'systemctl kill -s KILL redis-server || true; systemctl stop redis-server; ' +
        'rm -f /var/lib/redis/dump.rdb; sed -i /slow.conf/d /etc/redis/redis.conf; systemctl start redis-server',
    );
};
