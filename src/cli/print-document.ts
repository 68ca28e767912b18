import { styleText } from 'node:util';
import type { RunDocument } from '../model/verdict.js';
import { exitCodeOf } from './exit-codes.js';
import { localClock } from './local-clock.js';
import { renderRun, type Paint } from './render-run.js';

/** Prints a verdict on standard output, for a program or for a human, and answers its exit status. */
export function printDocument(document: RunDocument, { json }: { json?: boolean }): number {
  process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : forHuman(document));
  return exitCodeOf[document.verdict.status];
}

const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });

const forHuman = (document: RunDocument): string =>
  renderRun(document, paint, (iso) => localClock(iso, document.run.startedAt));
