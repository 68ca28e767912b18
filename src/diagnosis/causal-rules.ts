import type { Finding } from '../model/finding.js';
import type { Dependency } from '../model/service.js';
import { badHosts, goodHosts, hasFailed, textOf, type Case } from './case.js';

/**
 * May an upstream finding explain a downstream one? Each is a rule of diagnosis 3.2 under its number.
 * `upstream` is null when the question is "could it, if it were there?" (an unknown check).
 */
export type When = (given: Case, downstream: Finding, upstream: Finding | null) => boolean;

export const DATABASE = 'database';

/** R1: the start-up log names what it could not reach. A port in use is another matter. */
export const namesDependency: When = (given, downstream, upstream) => {
  const text = textOf(downstream);
  if (upstream?.target.kind === 'dependency' && mentions(given, upstream.target.name, text)) return true;
  return CANNOT_REACH.test(text) && !RELEASE_BROKEN.test(text);
};
const CANNOT_REACH =
  /could not connect|can(?:no|')t connect|connection refused|ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ECONNRESET|EHOSTUNREACH|name or service not known|temporary failure in name resolution|no route to host|connection timed out|server closed the connection unexpectedly/i;

/** R1 for slots: the start-up log holds PostgreSQL's refusal. */
export const namesRefusedSlots: When = (_given, downstream) =>
  /too many clients|remaining connection slots|too many connections|53300|connection pool/i.test(
    textOf(downstream),
  );

/** R2: the kernel or systemd says that memory killed it. */
export const namesOom: When = (_given, downstream, upstream) =>
  OOM.test(textOf(downstream)) || (upstream !== null && OOM.test(textOf(upstream)));
const OOM = /oom[- ]?kill|out of memory|OOM killer/i;

/** R3: the start failed for something that only a release brings. */
export const namesBrokenRelease: When = (_given, downstream) => RELEASE_BROKEN.test(textOf(downstream));
const RELEASE_BROKEN =
  /ModuleNotFoundError|ImportError|Cannot find (?:module|package)|LoadError|ClassNotFoundException|NoClassDefFoundError|cannot open shared object|SyntaxError|KeyError: '|environment variable .*(?:not set|required)|ImproperlyConfigured|Gemfile requires|status=203\/EXEC|Failed at step (?:EXEC|CHDIR)|version mismatch/i;

/** R4: busy workers that do not compute are waiting. A saturated CPU on the same host speaks for overload. */
export const workersWait: When = (given, downstream) =>
  !hasFailed(
    given,
    ['cpu-saturated'],
    downstream.target.kind === 'host' ? downstream.target.name : undefined,
  );

/** R5, R7: nobody holds the slots without using them; then they are used up by load or by slow queries. */
export const noLeak: When = (given) => !hasFailed(given, ['idle-in-transaction', 'sessions-blocked-by-lock']);

/** R6: what blocks is a change of the schema. */
export const blockedByDdl: When = (_given, downstream) =>
  /\b(?:ALTER\s+TABLE|CREATE\s+(?:UNIQUE\s+)?INDEX|DROP\s+(?:TABLE|INDEX|COLUMN)|LOCK\s+TABLE|TRUNCATE|REINDEX|VACUUM\s+FULL|migrat\w+)\b/i.test(
    textOf(downstream),
  );

/** R6: what blocks sits idle in its transaction. */
export const blockedByIdle: When = (given, downstream, upstream) =>
  /idle in transaction/i.test(textOf(downstream)) && !blockedByDdl(given, downstream, upstream);

/** 3.1: a full disk is named by whom it hurts. */
export const namesDisk: When = (_given, downstream) => DISK.test(textOf(downstream));
const DISK = /no space left|ENOSPC|disk (?:is )?full|could not extend file|MISCONF|not able to persist/i;

export const isDatabase: When = (_given, { target }) =>
  target.kind === 'dependency' && target.name === DATABASE;

export const slowThroughLeak: When = (given, downstream, upstream) =>
  isDatabase(given, downstream, upstream) && !noLeak(given, downstream, upstream);

export const slowDatabaseWithoutLeak: When = (given, downstream, upstream) =>
  (upstream === null || isDatabase(given, upstream, null)) && noLeak(given, downstream, upstream);

/** R11: a fault that all hosts share does not explain one bad host among good ones, unless that host names it. */
export const sharedReaches: When = (given, downstream, upstream) =>
  goodHosts(given).length === 0 ||
  badHosts(given).size === 0 ||
  downstream.target.kind !== 'host' ||
  (upstream?.target.kind === 'dependency' && mentions(given, upstream.target.name, textOf(downstream)));

/** R4 for a dependency: waiting workers, and R11. */
export const workersWaitForShared: When = (...args) => workersWait(...args) && sharedReaches(...args);

/** 2.6: an error that names the dependency by name, address or kind. */
export const mentions = (given: Case, dependency: string, text: string): boolean =>
  wordsOf(given, dependency).some((word) => text.toLowerCase().includes(word));

/** 2.6 (i), (ii): is the dependency named by what the app answered or by another finding? */
export const isNamed = (given: Case, { check, target }: Finding): boolean => {
  const answers = [...given.sightings.app, ...given.sightings.health].map(({ answer }) => answer.body);
  const bodies = [...answers, ...given.sightings.publicAnswers.map(({ body }) => body)];
  const others = given.findings.filter((other) => other.target.kind !== 'dependency').map(textOf);
  const texts = [...bodies, ...others];
  if (target.kind === 'dependency') return texts.some((text) => mentions(given, target.name, text));
  return check === 'disk-full' && texts.some((text) => DISK.test(text) && !text.startsWith('disk'));
};

const wordsOf = ({ service }: Case, name: string): string[] => {
  if (name === DATABASE) return [name, 'postgres', 'psycopg', 'sqlalchemy', 'sqlstate'];
  const dependency = service.dependencies.find((item) => item.name === name);
  return [name.toLowerCase(), ...(dependency === undefined ? [] : addressWords(dependency))];
};

/** "redis" is a mark; "http" and "tcp" are too common to be one. */
const addressWords = (dependency: Dependency): string[] => {
  const { host, port } =
    dependency.kind === 'tcp'
      ? { host: dependency.host, port: String(dependency.port) }
      : { host: new URL(dependency.url).hostname, port: new URL(dependency.url).port };
  const loopback = /^(localhost|127\.|\[?::1)/.test(host);
  return [
    ...(loopback ? [] : [host.toLowerCase()]),
    ...(port === '' ? [] : [`:${port}`, `port ${port}`]),
    ...(dependency.kind === 'redis' || dependency.kind === 'postgres' ? [dependency.kind] : []),
  ];
};
