import { clientOf } from '../checks/evidence/balancer-lines.js';
import { isByRule, type HaproxyWord } from '../checks/evidence/haproxy-states.js';
import type { BalancerLog, BalancerLogLine } from '../probes/balancer-log.js';
import { SPAN_SECONDS } from '../probes/shell/balancer-spans.js';

/** Fewer may be proxies, each of which stands for thousands. Ours. */
const MANY_CLIENTS = 5;
/** Fewer are a caller's bad luck, and no robot. Ours. */
const MANY_REFUSED = 5;
/** A limit lets some of a robot's requests through. Ours. */
const SHARE_LET_THROUGH = 0.1;

/** Somebody refuses one address alone, nearly always, while many others are served and no member fails: what a limit is for. */
export const areOfOneClient = (
  { clients, spans }: BalancerLog,
  lines: readonly BalancerLogLine[],
  { word, isLimited }: { word: (line: BalancerLogLine) => HaproxyWord; isLimited: boolean },
): boolean => {
  if (clients === null) return false;
  const refused =
    clients.unavailable ??
    spans.filter(reachesIntoNow).reduce((sum, { unavailable }) => sum + unavailable, 0);
  return (
    clients.refused === 1 &&
    clients.served >= MANY_CLIENTS &&
    refused >= MANY_REFUSED &&
    clients.servedToRefused < SHARE_LET_THROUGH * (refused + clients.servedToRefused) &&
    wordsOfNow(lines, word, refused).every((each) => isByRule(each) || (isLimited && each === 'passed-on'))
  );
};
/** Callers are counted for so long: a restart before that refused others, too. */
const COUNTED_SECONDS = 20;
const isOfNow = ({ ageSeconds }: BalancerLogLine): boolean => ageSeconds <= COUNTED_SECONDS;

/**
 * Others may have met nobody, at a restart within that time, and be served again: callers with fewer than half as many
 * lines as the one that is counted was refused requests (ours). What ran out of time began before that time, and is
 * counted by nobody. Where fewer lines were kept than requests refused, none is left out.
 */
const wordsOfNow = (
  lines: readonly BalancerLogLine[],
  word: (line: BalancerLogLine) => HaproxyWord,
  refused: number,
): readonly HaproxyWord[] => {
  const ofNow = lines.filter(isOfNow);
  const isBadLuck = (line: BalancerLogLine): boolean =>
    MET_NOBODY.has(word(line)) &&
    line.ageSeconds + line.timers.total / 1000 <= COUNTED_SECONDS &&
    ofNow.filter((each) => clientOf(each) === clientOf(line)).length < refused / 2;
  return (ofNow.length < refused ? ofNow : ofNow.filter((line) => !isBadLuck(line))).map(word);
};
const MET_NOBODY: ReadonlySet<HaproxyWord> = new Set(['no-server', 'refused']);

/** The age of a span is that of its begin. */
const reachesIntoNow = ({ ageSeconds }: BalancerLog['spans'][number]): boolean =>
  ageSeconds <= COUNTED_SECONDS + SPAN_SECONDS;

/** A caller that is never served, as a scanner that a rule keeps out: not everybody but us. */
export const isOneAlone = ({ clients }: BalancerLog): boolean =>
  clients !== null && clients.refused === 1 && clients.servedToRefused === 0;
