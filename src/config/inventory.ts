import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { Inventory } from '../model/service.js';
import { ConfigError } from './config-error.js';
import { crossCheck } from './cross-check.js';
import type { RawEnv } from './env.js';
import { explainIssue, type Problem } from './explain-issue.js';
import { hasUnfilled, interpolate } from './interpolate.js';
import { InventoryFile } from './inventory-schema.js';
import { sourceLines, type Path, type SourceLines } from './source-lines.js';

/** Reads the inventory. Throws a ConfigError with every problem, sorted by line. */
export function loadInventory(path: string, env: RawEnv): Inventory {
  return parseInventory(readText(path), { file: path, env });
}

export function parseInventory(text: string, { file, env }: { file: string; env: RawEnv }): Inventory {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const broken = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    offset: pos[0],
    message:
      code === 'DUPLICATE_KEY' ? `the key "${keyAt(text, pos[0])}" is already there` : `YAML: ${message}`,
  }));
  const syntax = broken.filter((_, index) => document.errors[index]?.code !== 'DUPLICATE_KEY');
  if (syntax.length > 0)
    throw new ConfigError(sorted(broken.map((problem) => atOffset(problem, file, lines))));
  if (document.contents === null)
    throw new ConfigError([`${file}:1:1 the file is empty; see services.example.yaml`]);

  const source = sourceLines(parseDocument(text, { lineCounter: new LineCounter() }), lines);
  const { problems, secrets } = interpolate(document, env);
  const { data, problems: invalid } = validate(document, source);
  const located = [
    ...broken.map((problem) => atOffset(problem, file, lines)),
    ...[...problems, ...invalid].map((problem) => atPath(problem, file, source)),
  ];
  if (located.length > 0 || data === undefined) throw new ConfigError(sorted(located));
  return toInventory(data, secrets);
}

function validate(document: Document, source: SourceLines): { data?: InventoryFile; problems: Problem[] } {
  const value = toValue(document);
  if (value instanceof Error) return { problems: [{ path: [], message: `YAML: ${value.message}` }] };
  const parsed = InventoryFile.safeParse(value);
  if (parsed.success) return { data: parsed.data, problems: crossCheck(parsed.data) };
  const unfilled = ({ path }: { path: Path }) => hasUnfilled(document.getIn(path, true));
  const issues = parsed.error.issues.filter((issue) => !unfilled(issue));
  return {
    problems: withoutEchoes(
      issues.flatMap((issue) => explainIssue(issue, source)),
      source,
    ),
  };
}

/** A misspelt key is one mistake: that the right one is missing need not be said as well. */
function withoutEchoes(problems: readonly Problem[], source: SourceLines): Problem[] {
  const meant = new Set(problems.map(({ meant: path }) => path?.join('.')));
  return problems.filter(({ path }) => !meant.has(path.join('.')) || source.written(path) !== undefined);
}

/** Aliases that multiply beyond reason are an error only here. */
function toValue(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

function toInventory({ services, hosts, roles }: InventoryFile, secrets: readonly string[]): Inventory {
  const named = Object.entries(services).map(
    ([name, { title, ...entry }]) => [name, { ...entry, name, title: title ?? name }] as const,
  );
  return {
    services: new Map(named),
    hosts: new Map(Object.entries(hosts)),
    roles: new Map(Object.entries(roles)),
    secrets: [...new Set(secrets)],
  };
}

type Located = { line: number; column: number; text: string };

function atPath({ path, message }: Problem, file: string, source: SourceLines): Located {
  const { line, column } = source.position(path);
  const [top, ...below] = path.map(String);
  const name = (top === 'services' && below.length > 0 ? below : path.map(String)).join('.');
  return { line, column, text: `${file}:${line}:${column} ${name === '' ? '' : `${name}: `}${message}` };
}

function atOffset(
  { offset, message }: { offset: number; message: string },
  file: string,
  lines: LineCounter,
): Located {
  const { line, col } = lines.linePos(offset);
  return { line, column: col, text: `${file}:${line}:${col} ${message}` };
}

const sorted = (problems: readonly Located[]): string[] => [
  ...new Set(problems.toSorted((a, b) => a.line - b.line || a.column - b.column).map(({ text }) => text)),
];

const keyAt = (text: string, offset: number): string => /^[^:\n]*/.exec(text.slice(offset))?.[0] ?? '';

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason =
      code === 'ENOENT' ? 'no such file' : error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      `${path}: ${reason}; copy services.example.yaml, or name the file with --inventory or DIAG503_INVENTORY`,
    ]);
  }
}
