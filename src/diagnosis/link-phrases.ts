import type { Finding } from '../model/finding.js';
import type { Service } from '../model/service.js';
import type { Target } from '../model/target.js';
import { countOf } from '../model/words.js';

/** Each failing state in the few words of a chain; the numbers stand in the summary and the evidence. */
const PHRASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'cpu-saturated': 'not enough CPU',
    'memory-exhausted': 'memory used up',
    'accept-queue-full': 'accept queue full',
    'workers-busy': 'all workers busy',
    'file-descriptors-exhausted': 'no file descriptor left',
    'proxy-connections-exhausted': 'nginx has no connection left',
    'proxy-not-answering': 'nginx on the hosts does not answer',
    'frontend-full': 'HAProxy accepts no further session',
    'balancer-not-listening': 'HAProxy takes no connection',
    'disk-full': 'disk full',
    'kernel-table-full': 'a table of the kernel full',
    'tasks-exhausted': 'no thread or process left',
    'unit-inactive': 'unit stopped',
    'unit-failed': 'unit failed',
    'unit-crash-looping': 'unit crashes again and again',
    'unit-starting': 'unit still starting',
    'unit-stopping': 'unit still stopping',
    'unit-restarted-repeatedly': 'unit restarted again and again',
    'unit-missing-or-masked': 'unit missing or masked',
    'port-not-listening': 'nothing listens',
    'port-refused': 'nothing listens',
    'rollout-in-progress': 'rollout in progress',
    'release-skew': 'hosts run different code',
    'release-failing': 'new release does not start',
    'release-erring': 'errors since the new release',
    'release-erring-in-part': 'errors of some requests since the new release',
    'health-endpoint-failing': 'health check fails',
    'health-endpoint-slow': 'health check slow',
    'health-endpoint-misplaced': 'health check asks in the wrong place',
    'member-down-though-healthy': 'HAProxy takes out members that serve',
    'health-flapping': 'members flap',
    'member-draining': 'members set aside',
    'connections-exhausted': 'no free connection',
    'idle-in-transaction': 'forgotten transactions',
    'sessions-blocked-by-lock': 'sessions wait for a lock',
    'app-pool-exhausted': 'no connection in the pool of the app',
    'pooler-queue-waiting': 'clients wait at the pooler',
    'app-refused-connection': 'no connection for the app',
    'app-refused-by-dependency': 'the app is refused',
    'app-blames-dependency': 'the app blames what it needs',
    'dependency-unreachable': 'unreachable',
    'dependency-failing': 'refuses to serve',
    'dependency-slow': 'slow',
    'certificate-expired': 'certificate not valid',
    'undeclared-dependency': 'the app cannot reach what it names',
    'auth-request-failing': 'the sign-on before the app fails',
    'neighbour-unit-down': 'another unit on the hosts is down',
    'maintenance-mode': 'maintenance mode on',
    'rate-limited': 'rate limit reached',
    'app-rate-limited': 'rate limit of the app reached',
    'concurrency-limited': 'concurrency limit reached',
    'pool-without-members': 'no members in the pool',
    'wrong-upstream': 'requests sent to the wrong place',
    'request-denied': 'a rule of HAProxy refuses',
    'no-route-matched': 'no rule of HAProxy leads to a pool',
    'member-unreachable': 'HAProxy does not reach its members',
  }),
);

const WORKERS = {
  compute: 'all workers compute',
  starve: 'all workers wait for a core',
  wait: 'all workers wait',
} as const;

/** "unit stopped on api-2", "cache unreachable", "health check fails on 2 of 3 hosts". */
export const linkPhrase = (findings: readonly Finding[], { hosts }: Service): string => {
  const [first] = findings;
  if (first === undefined) return '';
  const { check, target, workers } = first;
  const phrase = check === 'workers-busy' && workers ? WORKERS[workers] : (PHRASES.get(check) ?? check);
  if (target.kind === 'dependency') return `${target.name} ${phrase}`;
  if (target.kind !== 'host' || hosts.length === 1) return phrase;
  const where =
    findings.length === 1 ? target.name : `${findings.length} of ${countOf(hosts.length, 'host')}`;
  return `${phrase} on ${where}`;
};

/** "memory used up", "cache slow": of a check that may not even have failed. */
export const phraseOf = (check: string, { kind, name }: Target): string =>
  `${kind === 'dependency' ? `${name} ` : ''}${PHRASES.get(check) ?? check}`;

export const hasPhrase = (check: string): boolean => PHRASES.has(check);
