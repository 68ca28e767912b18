import type { SectionBlock } from '@slack/types';
import type { Episode } from '../../model/episode.js';
import type { Run } from '../../model/incident.js';
import { countOf, durationWords } from '../../model/words.js';
import { actionIds } from '../action-ids.js';
import { OURS, SLACK_LIMITS } from './limits.js';
import { line, mention, plainText, readerTime } from './mrkdwn.js';

/** What the headline counts: alerts and notices of them, flaps, and who does not want to hear of it. */
export function countsOf(episode: Episode | null): string[] {
  if (episode === null || episode.notices === 0) return [];
  const { flaps, silence } = episode;
  return [
    alertsOf(episode),
    ...(flaps > 0 ? [`fired again ${countOf(flaps, 'time')}`] : []),
    ...(silence === null ? [] : [silencedWords(silence)]),
  ];
}

/** What fires now, or what there was; and how often that was said, where it was said more than once. */
function alertsOf({ notices, alerts, firing }: Episode): string {
  const said = countOf(notices, 'notice');
  // What came again later counts in its newer incident.
  if (alerts === 0) return said;
  const count = firing > 0 ? `${countOf(firing, 'alert')} firing` : countOf(alerts, 'alert');
  return notices > (firing > 0 ? firing : alerts) ? `${count} (${said})` : count;
}

const silencedWords = ({ by, until }: NonNullable<Episode['silence']>): string =>
  `silenced by ${mention(by)} ${until === null ? 'until it resolves' : `until ${readerTime(until)}`}`;

/** All its alerts are resolved, and nobody but the closing look has asked since. */
export function hasEnded(run: Run, episode: Episode | null): episode is Episode {
  if (episode === null || episode.resolvedAt === null || episode.firing > 0) return false;
  return run.origin.alert?.reason === 'resolved' || run.requestedAt <= episode.resolvedAt;
}

export function endOf({ since, until, helped }: Episode): string[] {
  const took = since === null || until === null ? 0 : Date.parse(until) - Date.parse(since);
  const by = helped === null || helped.by === null ? '' : ` by ${mention(helped.by)}`;
  const why = helped === null ? 'ended by itself' : `${line(helped.label, OURS.name)}${by} helped`;
  return [` resolved after ${durationWords(took)}: ${why}`];
}

const CHOICES = [
  [actionIds.silence['1h'], 'Silence for 1 h'],
  [actionIds.silence['4h'], 'Silence for 4 h'],
  [actionIds.silence.resolved, 'Silence until resolved'],
] as const;

/** Beside the headline while alerts fire, so that it needs no message of its own. */
export function silenceMenu(episode: Episode | null): Pick<SectionBlock, 'accessory'> {
  if (episode === null || (episode.firing === 0 && episode.silence === null)) return {};
  const choices = episode.silence === null ? CHOICES : [[actionIds.endSilence, 'End the silence'] as const];
  const options = choices.map(([actionId, label]) => ({
    text: plainText(label, SLACK_LIMITS.optionText),
    value: `${actionId} ${episode.incidentId}`,
  }));
  return { accessory: { type: 'overflow', action_id: actionIds.more, options } };
}
