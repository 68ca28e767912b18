import type { Run } from '../../model/incident.js';
import { OURS } from './limits.js';
import { headlineText } from './headline.js';
import { code, line, mrkdwn, readerTime } from './mrkdwn.js';
import type { View } from './view.js';

/** The newest run of a service, if there was one, without a new look. */
export function status(service: string, run: Run | null): View {
  const text = run
    ? lastRun(run)
    : `Nobody has asked about ${code(service, OURS.name)} yet: ${code(`/diag503 ${service}`, 120)} looks now.`;
  return { text, blocks: [{ type: 'section', text: mrkdwn(text) }] };
}

function lastRun(run: Run): string {
  const at = run.finishedAt ?? run.startedAt ?? run.requestedAt;
  const day = line(at.slice(0, 10), OURS.name);
  const summary = run.document ? `\n${line(run.document.verdict.summary, OURS.summary)}` : '';
  return `${headlineText(run)} (${day}, ${readerTime(at)})${summary}`;
}
