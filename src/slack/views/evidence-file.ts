import type { Evidence, Finding } from '../../model/finding.js';
import { becauseLines, contradictionLine, notLookedAtOf, peerLines } from '../../model/explanation-words.js';
import type { RunDocument } from '../../model/verdict.js';
import { CAUSE_NAMES } from '../../model/words.js';

/** A file that nobody opens helps nobody; hosts cap their output long before this. */
const MAX_LENGTH = 2_000_000;

export type EvidenceFile = { readonly filename: string; readonly title: string; readonly content: string };

/** Everything that the findings quote, word for word. Only control characters are written out (`\x1b`), so that no terminal obeys them. */
export function evidenceFile(document: RunDocument): EvidenceFile {
  const short = document.run.id.slice(0, 8).replace(/[^0-9a-z]/gi, '');
  const service = document.service.replace(/[^a-z0-9._-]/gi, '').slice(0, 63);
  return {
    filename: `evidence-${service}-${short}.txt`,
    title: `Evidence of ${service}, run ${short}`,
    content: inertText(joinUpToMax(lines(document, service))),
  };
}

function* lines(document: RunDocument, service: string): Generator<string> {
  const { run, findings } = document;
  yield `Evidence of ${service}, run ${run.id}, ${run.startedAt}\n`;
  yield* explanation(document);
  for (const finding of findings) {
    yield headOf(finding);
    for (const evidence of finding.evidence) yield excerptText(evidence);
  }
}

/** In full: the card has room for the first of each. */
function* explanation(document: RunDocument): Generator<string> {
  const { why, peers = [] } = document;
  const own = [...becauseLines(document), ...contradictionLine(document), ...peerLines(document)];
  for (const { title, text } of own) yield `${title}: ${text}`;
  for (const { host, comparedWith, same } of peers)
    yield `${host} compared with ${comparedWith.join(', ')}; alike in: ${same.join(', ') || 'nothing'}`;
  if (why !== undefined && why.explains.length > 0) yield `Explains: ${why.explains.join('; ')}`;
  for (const { cause, what, because } of why?.considered ?? [])
    yield `Not the cause: ${what} (${CAUSE_NAMES[cause]}): ${because}`;
  for (const { what, allow } of notLookedAtOf(document))
    yield `Not looked at: ${what}${allow === null ? '' : `; \`${allow}\` would change that`}`;
  yield '';
}

function joinUpToMax(parts: Iterable<string>): string {
  let text = '';
  for (const part of parts) {
    text += `${part}\n`;
    if (text.length > MAX_LENGTH) return `${text.slice(0, MAX_LENGTH)}\n(cut here)\n`;
  }
  return text;
}

const headOf = ({ check, cause, confidence, target, summary }: Finding): string =>
  `== ${check} on ${target.name} (${CAUSE_NAMES[cause]}, ${confidence})\n${summary}\n`;

const excerptText = ({ host, source, at, excerpt }: Evidence): string =>
  `${host === null ? '' : `${host}$ `}${source}, ${at}\n${excerpt}\n`;

/** C0 and C1 but tab and newline, and what reorders text. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const inertText = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(CONTROL, (char) => {
    const hex = char.charCodeAt(0).toString(16);
    return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
