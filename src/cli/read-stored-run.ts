import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { STORED_RUN_VERSION, StoredRun } from '../model/stored-run.js';
import { DataError, UsageError } from './exit-codes.js';
import { fileError } from './file-error.js';
import { inertText } from './inert-text.js';

const WAY_OUT = 'write one with `diag503 run SERVICE --save FILE`';
const SCENARIO_FILE = 'run.json';

/** The stored run in a file, or in a folder of test/scenarios. Nothing of the file is trusted. */
export function readStoredRun(typed: string): StoredRun {
  const { file, text } = readText(typed);
  const broken = (reason: string, wayOut = WAY_OUT): DataError =>
    new DataError(inertText(`${file}: ${reason}; ${wayOut}`));
  const content = parseJson(text);
  if (content === undefined) throw broken('not a stored run: it is not JSON');

  const { version, verdict } = fieldsOf(content);
  if (verdict !== undefined)
    throw broken('not a stored run but the document of `run --json`, which has no readings');
  if (version !== undefined && version !== STORED_RUN_VERSION)
    throw broken(
      `a stored run of version ${shown(version)}, and this diag503 reads version ${STORED_RUN_VERSION}`,
      'replay it with the diag503 that wrote it, or keep a new run with `diag503 run SERVICE --save FILE`',
    );
  const parsed = StoredRun.safeParse(content);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const more = parsed.error.issues.length - 1;
  const place = first === undefined || first.path.length === 0 ? '' : `${first.path.map(String).join('.')}: `;
  throw broken(
    `not a stored run: ${place}${first?.message ?? 'unreadable'}${more > 0 ? ` (and ${more} more)` : ''}`,
  );
}

function readText(typed: string): { file: string; text: string } {
  if (typed === '') throw new UsageError(`name the file of a stored run; ${WAY_OUT}`);
  let file = typed;
  try {
    if (statSync(typed).isDirectory()) file = path.join(typed, SCENARIO_FILE);
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new UsageError(inertText(`${file}: ${fileError(error)}; name a stored run, or ${WAY_OUT}`));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // JSON has no undefined: the caller says what is wrong
  }
}

const fieldsOf = (content: unknown): { version?: unknown; verdict?: unknown } =>
  typeof content === 'object' && content !== null ? content : {};

const MAX_SHOWN = 20;
const shown = (version: unknown): string => JSON.stringify(version).slice(0, MAX_SHOWN);
