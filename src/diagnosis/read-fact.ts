import { z } from 'zod';
import { ClientError } from '../model/client-error.js';
import type { Reading, UnreadReason } from '../model/reading.js';
import type { Target } from '../model/target.js';
import type { Redactor } from './redact.js';

/** What every reading of one place has in common. */
export type ReadingHead = {
  probe: string;
  target: Target;
  via: string;
  source: string;
  at: string;
  durationMs: number;
};

const MAX_DETAIL = 500;
/** Longer than what redaction can make of a detail that is shown; it may be a server's own text of any length. */
const MAX_RAW_DETAIL = 20_000;

/** The border of trust: only what fits the probe's schema, and without secrets, becomes a fact. */
export const readingOf = (
  head: ReadingHead,
  schema: z.ZodType,
  value: unknown,
  redactor: Redactor,
): Reading => {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return unread(head, 'malformed', oneLine(z.prettifyError(parsed.error)), redactor);
  const fact = redactor.deep(parsed.data);
  return { status: 'read', ...head, source: redactor.text(head.source), fact };
};

export const unread = (
  head: ReadingHead,
  reason: UnreadReason,
  detail: string,
  redactor: Redactor,
): Reading => ({
  status: 'unread',
  ...head,
  source: redactor.text(head.source),
  reason,
  detail: oneLine(redactor.text(detail.slice(0, MAX_RAW_DETAIL))),
});

/** Anything that a probe or client threw, as a reason. A probe that throws something of its own met unexpected output. */
export const reasonOf = (error: unknown): { reason: UnreadReason; detail: string } => {
  if (error instanceof ClientError) return { reason: error.code, detail: error.message };
  return { reason: 'malformed', detail: error instanceof Error ? error.message : String(error) };
};

const oneLine = (text: string): string => {
  const line = text
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('; ');
  return line.length > MAX_DETAIL ? `${line.slice(0, MAX_DETAIL)}…` : line;
};
