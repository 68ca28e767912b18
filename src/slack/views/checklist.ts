import type { RunDocument } from '../../model/verdict.js';
import { ANSWER_WORDS, checklistMark } from '../../model/words.js';
import { OURS } from './limits.js';
import { line } from './mrkdwn.js';

/** Never alone: the word of the answer always stands beside it. */
const MARKS = { good: '✓', bad: '✗', unknown: '?', 'not-configured': '–' } as const;

/** The six lines of the runbook in its order; what worries is bold. */
export function checklistText({ checklist }: Pick<RunDocument, 'checklist'>): string {
  const lines = checklist.map(({ question, answer, note }, index) => {
    const mark = checklistMark(index, answer);
    const asked = line(question, OURS.question).replaceAll('*', '∗');
    const said = `${ANSWER_WORDS[answer]}: ${asked}`;
    const noted = note === '' ? '' : ` (${line(note, OURS.note)})`;
    return `${MARKS[mark]} ${mark === 'bad' ? `*${said}*` : said}${noted}`;
  });
  return lines.join('\n');
}
