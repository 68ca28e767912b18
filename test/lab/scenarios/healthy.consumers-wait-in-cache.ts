import { endProgram, startProgram } from '../faults/background-program.js';
import { defineScenario } from '../scenario.js';

const CONSUMERS = 'lab-mailers';
const EXPORTER = 'lab-cache-exporter';

const WAITS_FOR_LETTERS = `
import redis, threading, time
def consume():
    client = redis.Redis("cache.lab.test", password="cache-secret", client_name="mailer")
    while True:
        try:
            client.blpop("mail:outgoing", 0)
        except redis.RedisError:
            time.sleep(1)
for _ in range(25):
    threading.Thread(target=consume).start()
`;

const ASKS_WITH_OLD_PASSWORD = `
import redis, sys, time
while True:
    try:
        redis.Redis("cache.lab.test", username="exporter", password="of-last-year").info()
    except redis.RedisError as error:
        print("exporter: cannot collect from cache: %s" % error, file=sys.stderr, flush=True)
    time.sleep(0.3)
`;

export default defineScenario({
  fault:
    'Twenty-five consumers of a queue wait in the cache for letters (BLPOP), of which there are none; an exporter of metrics asks the same cache with a password of last year, three times a second.',
  because:
    'Blocked clients are how a queue without work looks, and the refused logins are those of one other program. The shop has its own sessions of the cache, every page is 200, and nothing is slow.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: ({ host }) => {
    startProgram(host('pay-1'), CONSUMERS, WAITS_FOR_LETTERS);
    startProgram(host('pay-1'), EXPORTER, ASKS_WITH_OLD_PASSWORD);
  },
  heal: ({ host }) => {
    endProgram(host('pay-1'), CONSUMERS);
    endProgram(host('pay-1'), EXPORTER);
  },
  expect: { status: 'healthy', cause: null },
});
