import type { Lab } from '../lab.js';

/** As an operator on the cache's own host. */
export const redis = (lab: Lab, ...command: string[]): string =>
  lab.host('cache-1').run('redis-cli', '--no-auth-warning', '-a', 'cache-secret', ...command);

/** Programs of somebody else, each with a connection that it keeps. */
export const CLIENTS = `
import redis, threading, time
def hold():
    client = redis.Redis("cache.lab.test", password="cache-secret", socket_keepalive=True)
    while True:
        try:
            client.ping()
            time.sleep(1)
        except redis.RedisError:
            time.sleep(0.05)
for _ in range(40):
    threading.Thread(target=hold).start()
`;

/** Redis takes an operator again, too, only once somebody has gone. */
export const untilAnswers = (lab: Lab): void => {
  lab
    .host('cache-1')
    .sh(
      'until redis-cli --no-auth-warning -a cache-secret PING 2>/dev/null | grep -q PONG; do sleep 0.2; done',
    );
};
