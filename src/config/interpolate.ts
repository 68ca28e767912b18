import { isPair, isScalar, isSeq, visit, type Document } from 'yaml';
import type { RawEnv } from './env.js';
import type { Problem } from './explain-issue.js';

const VARIABLE = /\$\{([^}]*)\}/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SECRET_NAME = /pass|pwd|secret|token|key|credential/i;
/** `scheme://user:password@`; a password that is a variable is not in the file. */
const PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*?:([^/?#\s]+)@/i;

export type Interpolated = {
  problems: Problem[];
  /** Passwords and tokens that were filled in: never to be quoted. */
  secrets: string[];
};

/** Fills `${VARIABLE}` in from the environment, in place, and refuses passwords that stand in the file. */
export function interpolate(document: Document, env: RawEnv): Interpolated {
  const found: Interpolated = { problems: [], secrets: [] };
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (key === 'key' || typeof node.value !== 'string') return;
      const path = pathOf([...ancestors, node]);
      found.problems.push(...literalSecret(node.value).map((message) => ({ path, message })));
      node.value = fill(node.value, env, found, path);
    },
  });
  return found;
}

const pathOf = (ancestors: readonly unknown[]): PropertyKey[] =>
  ancestors.flatMap((node, index): PropertyKey[] => {
    if (isPair(node)) return [String(node.key)];
    return isSeq(node) ? [node.items.indexOf(ancestors[index + 1])] : [];
  });

function literalSecret(text: string): string[] {
  const password = PASSWORD.exec(text)?.[1];
  if (password === undefined || password.replaceAll(VARIABLE, '') === '') return [];
  return ['a password in the file; secrets come from the environment only: write "${SOME_VARIABLE}"'];
}

function fill(text: string, env: RawEnv, found: Interpolated, path: PropertyKey[]): string {
  const filled = text.replaceAll(VARIABLE, (written, name: string) => {
    const value = VARIABLE_NAME.test(name) ? env[name] : undefined;
    if (value !== undefined && value !== '') {
      if (SECRET_NAME.test(name) && !value.includes('://')) found.secrets.push(value);
      return value;
    }
    const reason = !VARIABLE_NAME.test(name)
      ? 'is not the name of an environment variable'
      : `needs the environment variable ${name}, which is ${value === '' ? 'empty' : 'not set'}; set it, or put it into .env`;
    found.problems.push({ path, message: `${written} ${reason}` });
    return written;
  });
  if (filled !== text) found.secrets.push(...passwordsOf(filled));
  return filled;
}

/** As written and as decoded: a log may show either. */
function passwordsOf(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  if (password === '') return [];
  return [...new Set([password, decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is no encoding: the text is the password
  }
}

/** True where an unfilled variable is left: what is wrong with it was said already. */
export const hasUnfilled = (value: unknown): boolean =>
  isScalar(value) ? hasUnfilled(value.value) : typeof value === 'string' && value.search(VARIABLE) >= 0;
