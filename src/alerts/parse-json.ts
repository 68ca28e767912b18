import { checkShape } from './json-shape.js';

/** A body that is no JSON within our limits: `message` is for its sender. */
export class UnreadableBody extends Error {}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Untrusted bytes to a value. Depth, size and names are looked at in the text, before anything is built from it. */
export function parseBody(body: Buffer): unknown {
  return parseText(decoded(body));
}

/** The same for a document that came inside another one. */
export function parseText(text: string): unknown {
  if (text.trim() === '') throw new UnreadableBody('the body is empty');
  const problem = checkShape(text);
  if (problem !== null) throw new UnreadableBody(problem);
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableBody('the body is not JSON');
  }
}

function decoded(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new UnreadableBody('the body is not UTF-8');
  }
}
