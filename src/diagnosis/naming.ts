import type { Finding } from '../model/finding.js';
import type { Dependency, Service } from '../model/service.js';
import { textOf, type Case } from './case.js';
import { LIMIT_WORDS } from './limit-words.js';

/** How the service's own database is called among its dependencies. */
export const DATABASE = 'database';

/** 2.6: an error that names the dependency by name, address or kind. */
export const mentions = (given: Case, dependency: string, text: string): boolean =>
  hasWord(text, dependency) || marksOf(given, dependency).some((mark) => text.toLowerCase().includes(mark));

/** People write `session-store` as "session store", too; and "cached" does not speak of a `cache`. */
const hasWord = (text: string, name: string): boolean =>
  ` ${plainWords(text)} `.includes(` ${plainWords(name)} `);
const plainWords = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** 2.6 (i), (ii): is the dependency named by what the app answered or by another finding? */
export const isNamed = (given: Case, { check, target }: Finding): boolean => {
  const answers = [...given.sightings.app, ...given.sightings.health].map(({ answer }) => answer.body);
  const bodies = [...answers, ...given.sightings.publicAnswers.map(({ body }) => body)];
  const others = given.findings.filter(
    (other) => other.check !== check && other.target.kind !== 'dependency',
  );
  const texts = [...bodies, ...others.map(textOf)];
  if (target.kind === 'dependency') return texts.some((text) => mentions(given, target.name, text));
  return texts.some((text) => LIMIT_WORDS[check]?.test(text) ?? false);
};

/** What stands for it beside its name: how drivers and the network call it. */
const marksOf = ({ service }: Case, name: string): string[] => {
  if (name === DATABASE) return ['postgres', 'psycopg', 'sqlalchemy', 'sqlstate', ...portMarks(service)];
  const dependency = service.dependencies.find((item) => item.name === name);
  return dependency === undefined ? [] : addressMarks(dependency);
};

/** By which sockets of workers tell whom they wait for. */
const portMarks = ({ database }: Service): string[] => {
  const port = database === undefined ? '' : new URL(database.url).port;
  return port === '' ? [':5432'] : [`:${port}`];
};

/** "redis" is a mark; "http" and "tcp" are too common to be one. */
const addressMarks = (dependency: Dependency): string[] => {
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
