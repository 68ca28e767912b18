import type { RichTextBlock, RichTextElement } from '@slack/types';
import type { Evidence } from '../../model/finding.js';
import { OURS } from './limits.js';
import { plain, plainLine, utcTime } from './mrkdwn.js';

/** Fewer characters than this of an excerpt help nobody. */
const LEAST_EXCERPT = 40;

/** As many excerpts as fit into `budget` characters of JSON, each word for word under `host$ source, time`. */
export function evidenceBlocks(evidence: readonly Evidence[], budget: number): RichTextBlock[] {
  const blocks: RichTextBlock[] = [];
  let left = budget;
  for (const each of evidence.slice(0, OURS.evidence)) {
    const block = largestThatFits(each, left);
    if (!block) break;
    blocks.push(block);
    left -= cost(block);
  }
  return blocks;
}

function largestThatFits(evidence: Evidence, budget: number): RichTextBlock | null {
  for (let max: number = OURS.excerpt; max >= LEAST_EXCERPT; max = Math.floor(max * 0.8)) {
    const block = evidenceBlock(evidence, max);
    if (cost(block) <= budget) return block;
  }
  return null;
}

const evidenceBlock = (evidence: Evidence, max: number): RichTextBlock => ({
  type: 'rich_text',
  elements: [
    { type: 'rich_text_section', elements: head(evidence) },
    {
      type: 'rich_text_preformatted',
      elements: [{ type: 'text', text: plain(evidence.excerpt, max) || '(empty)' }],
    },
  ],
});

function head({ host, source, at }: Evidence): RichTextElement[] {
  const where = host === null ? '' : `${plainLine(host, OURS.name)}$ `;
  const seconds = Math.floor(Date.parse(at) / 1000);
  const what: RichTextElement = {
    type: 'text',
    text: `${where}${plainLine(source, OURS.source)}` || '(no source)',
    style: { bold: true },
  };
  if (!Number.isSafeInteger(seconds) || seconds < 0) return [what];
  return [
    what,
    { type: 'text', text: ', ' },
    { type: 'date', timestamp: seconds, format: '{time_secs}', fallback: utcTime(seconds) },
  ];
}

/** A comma between blocks counts too. */
const cost = (block: RichTextBlock): number => JSON.stringify(block).length + 1;
