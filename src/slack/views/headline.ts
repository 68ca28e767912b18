import type { Episode } from '../../model/episode.js';
import type { Run } from '../../model/incident.js';
import type { RunDocument } from '../../model/verdict.js';
import { answeredStatus, CAUSE_TITLES, countOf, tookWords, HOP_PHRASES } from '../../model/words.js';
import { actionRow, runAgain } from './action-row.js';
import { countsOf, endOf, hasEnded, silenceMenu } from './episode-words.js';
import { OURS } from './limits.js';
import { bold, line, mention, mrkdwn, visible } from './mrkdwn.js';
import type { View } from './view.js';

/** The one line in the channel that edits itself. `episode`: what alerts have made of its incident. */
export function headline(run: Run, episode: Episode | null = null): View {
  const text = headlineText(run, episode);
  const retry = run.state === 'failed' || run.state === 'refused' ? actionRow([runAgain(run.id)]) : [];
  return { text, blocks: [{ type: 'section', text: mrkdwn(text), ...silenceMenu(episode) }, ...retry] };
}

/** The same as one line of mrkdwn, also for `status`. */
export function headlineText(run: Run, episode: Episode | null = null): string {
  const name = bold(run.service, OURS.name);
  const asked = [...askedBy(run), ...countsOf(episode)];
  if (hasEnded(run, episode))
    return sentence(name, [...endOf(episode), ...afterwards(run)], countsOf(episode));
  switch (run.state) {
    case 'queued':
      return `looking at ${name}${inBrackets(asked)}`;
    case 'running':
      return `looking at ${name}${progressOf(run)}${inBrackets(asked)}`;
    case 'finished':
      return run.document
        ? sentence(name, outcome(run.document), asked)
        : sentence(name, [': no document was kept'], asked);
    case 'failed':
      return sentence(name, [`: the diagnosis failed: ${why(run)}`], asked);
    case 'refused':
      return sentence(name, [`: not accepted: ${why(run)}`], asked);
  }
}

/** What the look that confirms the end has found. */
function afterwards({ origin, state, document }: Run): string[] {
  if (origin.alert?.reason !== 'resolved') return [];
  if (state === 'queued' || state === 'running') return ['looking whether it is well'];
  if (document === null) return ['whether it is well could not be looked at'];
  return document.verdict.status === 'healthy'
    ? ['healthy now']
    : [`but it is not well:${outcome(document)[0] ?? ''}`.replace('::', ':')];
}

/** First the part that continues the name, then what is joined by commas. */
function outcome(document: RunDocument): string[] {
  const { verdict, hosts, unknown, run } = document;
  const took = tookWords(run);
  switch (verdict.status) {
    case 'cause-found':
      return [`${answers(document)}: ${causeOf(document)}`, ...hopOf(document), took];
    case 'healthy':
      return [' does not answer 503 now: healthy', took];
    case 'inconclusive':
      return [
        `${answers(document)}: no cause found`,
        ...hopOf(document),
        ...(unknown.length > 0 ? [`${countOf(unknown.length, 'check')} could not look`] : []),
        took,
      ];
    case 'unreachable':
      return [
        ': could not look',
        `${hosts.filter(({ reached }) => reached).length} of ${countOf(hosts.length, 'host')} reached`,
        took,
      ];
  }
}

function answers(document: RunDocument): string {
  const status = answeredStatus(document);
  return status === null ? '' : ` answers ${status}`;
}

function causeOf({ verdict }: RunDocument): string {
  const title = verdict.cause ? CAUSE_TITLES[verdict.cause] : 'cause found';
  const lower = title.charAt(0).toLowerCase() + title.slice(1);
  return verdict.confidence ? `${lower} (${verdict.confidence})` : lower;
}

const hopOf = ({ verdict }: RunDocument): string[] => (verdict.hop ? [HOP_PHRASES[verdict.hop]] : []);

function progressOf({ progress }: Run): string {
  if (!progress) return '';
  const again = progress.look === undefined ? '' : ` again, look ${progress.look}`;
  return `${again}: ${countOf(progress.hosts, 'host')}, ${progress.done} of ${countOf(progress.total, 'reading')}`;
}

function askedBy({ origin }: Run): string[] {
  const { kind, user, alert } = origin;
  if (alert !== undefined)
    return [`asked by alert ${line(alert.title, OURS.name)} (${line(alert.source, OURS.name)})`];
  if (kind === 'alert') return ['asked by an alert'];
  return user === null ? [] : [`asked by ${mention(user)}`];
}

/** An error's first line; the rest is for the log. */
const why = ({ error }: Run): string =>
  line(visible(error ?? 'no reason was kept').split('\n')[0] ?? '', OURS.text);

const inBrackets = (asked: string[]): string => (asked.length === 0 ? '' : ` (${asked.join(', ')})`);

const sentence = (name: string, [first = '', ...rest]: string[], asked: string[]): string =>
  [`${name}${first}`, ...rest, ...asked].join(', ');
