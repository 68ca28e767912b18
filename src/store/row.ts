import { z } from 'zod';
import type { Row } from './database.js';

/** A row as the model's noun; its times become ISO strings. */
export function parseRow<Schema extends z.ZodType>(schema: Schema, row: Row | undefined): z.output<Schema> {
  const fields = Object.entries(row ?? {}).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : value,
  ]);
  return parseStored(schema, Object.fromEntries(fields));
}

export const parseRows = <Schema extends z.ZodType>(
  schema: Schema,
  rows: readonly Row[],
): z.output<Schema>[] => rows.map((row) => parseRow(schema, row));

/** What the database gives is checked like any other input: another version may have written it. */
export function parseStored<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`a row of the database is not what this version expects: ${z.prettifyError(parsed.error)}`);
}

/** PostgreSQL's `text` cannot hold U+0000. */
export const storable = (text: string): string => text.replaceAll('\0', '\uFFFD');
