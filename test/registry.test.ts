import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alertSources } from '../src/alerts/index.js';
import { checks } from '../src/checks/index.js';
import { hasPhrase } from '../src/diagnosis/link-phrases.js';
import { AlertSource } from '../src/model/alert.js';
import { probes } from '../src/probes/index.js';

/** Modules that help others and are no entry of a registry. */
const HELPERS = new Set([
  'index',
  'define-probe',
  'define-check',
  'http-answer',
  'dependency-answer',
  'startup-errors',
]);

const modulesOf = (folder: string): string[] =>
  readdirSync(new URL(`../src/${folder}/`, import.meta.url))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replace(/\.ts$/, ''))
    .filter((name) => !HELPERS.has(name))
    .toSorted();

const camelCase = (id: string): string => id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

describe('the registries', () => {
  it('hold every alert source under the name of its file', () => {
    expect(Object.entries(alertSources).map(([name, { id }]) => [name, id])).toEqual(
      AlertSource.options.map((id) => [id, id]),
    );
    expect(modulesOf('alerts')).toEqual(expect.arrayContaining([...AlertSource.options]));
  });

  it('hold every probe under the name of its file', () => {
    const registered = Object.entries(probes).map(([name, { id }]) => {
      expect(name).toBe(camelCase(id));
      return id;
    });
    expect(registered.toSorted()).toEqual(modulesOf('probes'));
  });

  it('hold every check under the name of its file', () => {
    expect(checks.map(({ id }) => id).toSorted()).toEqual(modulesOf('checks'));
  });

  it('have a phrase for each check where a chain names it', () => {
    expect(checks.map(({ id }) => id).filter((id) => !hasPhrase(id))).toEqual([]);
  });
});
