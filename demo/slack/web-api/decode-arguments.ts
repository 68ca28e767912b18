import { parse } from 'node:querystring';
import { z } from 'zod';
import type { Json, JsonObject } from '../types.js';
import { isObject } from '../types.js';
import { SlackRefusal } from './define-method.js';

/** Arguments that travel as JSON inside a form, and what Slack says when they are not. */
const JSON_ARGUMENTS: Record<string, string> = {
  blocks: 'invalid_blocks_format',
  attachments: 'invalid_attachments',
  metadata: 'invalid_metadata_format',
  view: 'invalid_arguments',
  files: 'invalid_arguments',
};

export function decodeArguments(contentType: string, body: string): JsonObject {
  return contentType.includes('application/json') ? decodeJson(body) : decodeForm(body);
}

function decodeJson(body: string): JsonObject {
  const parsed = parseJson(body, 'invalid_json');
  if (!isObject(parsed)) throw new SlackRefusal('json_not_object');
  return parsed;
}

function decodeForm(body: string): JsonObject {
  const entries = Object.entries(parse(body)).map(([name, value]): [string, Json] => {
    const text = Array.isArray(value) ? (value.at(-1) ?? '') : (value ?? '');
    const error = JSON_ARGUMENTS[name];
    return [name, error ? parseJson(text, error) : text];
  });
  return Object.fromEntries(entries);
}

function parseJson(text: string, error: string): Json {
  try {
    return z.json().parse(JSON.parse(text));
  } catch (cause) {
    throw new SlackRefusal(error, { detail: String(cause) });
  }
}
