import type { HttpAnswer } from '../probes/http-answer.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { isBad, isHaproxyPage, isNginxOwn, isServed, quoteAnswer } from './evidence/answers.js';
import { balancerHits, foundNobody } from './evidence/balancer-lines.js';
import { formatSeconds } from './host/clock.js';
import { areOf, goesOn, isOfService, limitLines, recentProxyLines } from './evidence/proxy-lines.js';
import { secondsBetween } from './evidence/time.js';

/** A proxy's or app's own word for it. */
const SAYS_SO = /maintenance|be right back|temporarily (?:down|closed)|wartung/i;
/** A place that one waits for in line, as waiting rooms put it (Queue-it's and Cloudflare's pages, and what people write). */
const LETS_IN_TURN =
  /waiting room|virtual queue|\byou(?: are|'re)(?: now)? in (?:the )?(?:line|queue)\b|\b(?:let you in|places? (?:is|becomes?) free)\b/i;
/** Who is overloaded may speak of a queue, too. */
const OF_TROUBLE =
  /tim(?:ed?|ing)[ -]?out|\berror\b|\bbusy\b|\boverload|\bfail|\bdatabase\b|\bquota\b|exceeded|unavailable|exception/i;
/** Of the default pages of Apache, PHP and Werkzeug, which do not know why. */
const OF_ANY_REASON = /maintenance\s+downtime\s+or\s+capacity\s+problems|overloading\s+or\s+maintenance/gi;
/** Longer than any maintenance: a date that was written wrong. Ours. */
const WEEK_SECONDS = 7 * 86_400;
/** Overload answers with seconds, maintenance with minutes. */
const LONG_RETRY_SECONDS = 60;
/** Who names a quarter of an hour or more knows when it ends. Ours. */
const PLANNED_RETRY_SECONDS = 900;

/** Somebody switched the service off: a marker file, or a configuration that answers 503 by itself. */
export const maintenanceMode = defineServiceCheck({
  id: 'maintenance-mode',
  cause: 'deliberate',
  title: 'Maintenance mode is on',
  refutedBy: 'a 503 without a marker file, a `return 503` or a word of maintenance or of a waiting room',
  scope: 'service',
  needs: [],
  uses: [
    'maintenanceMarker',
    'publicAnswer',
    'memberAnswer',
    'balancerLog',
    'appAnswer',
    'healthAnswer',
    'proxyLog',
  ],

  evaluate(
    { maintenanceMarker, publicAnswer, memberAnswer, balancerLog, appAnswer, healthAnswer, proxyLog },
    { service, now },
  ) {
    const hits = balancerHits(balancerLog, service.balancer?.pool ?? '', publicAnswer);
    const nobody = hits.some(({ isOurs, word }) => isOurs && foundNobody(word));
    const shown =
      publicAnswer.length > 0 ? publicAnswer.flatMap(unfold) : [...appAnswer, ...healthAnswer].map(single);
    const refused =
      behind(shown, memberAnswer, nobody).find(({ answer }) => answer.status === 503) ??
      memberAnswer.flatMap(ofMembers).find(isNginxRefusal);
    if (shown.length === 0) return { status: 'skipped', reason: 'no answer of the service was read' };
    if (!refused) return { status: 'passed', summary: 'no answer looks like maintenance or a limit' };

    const limits = limitLines(proxyLog);
    const limited = goesOn(limits) && areOf(limits, shown.filter(isNginxRefusal));
    const appServes = areServed(appAnswer);
    const appFails = appAnswer.length > 0 && appAnswer.every(({ fact }) => isBad(fact));
    const unanswered = recentProxyLines(proxyLog, NO_ANSWER).filter((hit) => isOfService(hit, service));
    const isCutOff = goesOn(unanswered);
    const healthServes = areServed(healthAnswer);
    const input = { refused, limited, appServes, appFails, isCutOff, healthServes };
    return (
      byMarker(maintenanceMarker, input, now) ??
      dressed(maintenanceMarker, input) ??
      byConfiguration(maintenanceMarker, input) ??
      byWords(input)
    );
  },
});

const areServed = (answers: readonly Observed<HttpAnswer>[]): boolean =>
  answers.length > 0 && answers.every(({ fact }) => isServed(fact));

type Shown = { from: Observed<unknown>; answer: HttpAnswer };
const unfold = (from: Observed<{ answers: HttpAnswer[] }>): Shown[] =>
  from.fact.answers.map((answer) => ({ from, answer }));
const single = (from: Observed<HttpAnswer>): Shown => ({ from, answer: from.fact });

/**
 * What HAProxy says for want of a member is the same whatever took the members out, also where somebody wrote that page
 * by hand: then what the members themselves say tells.
 */
const behind = (shown: readonly Shown[], members: Members, nobody: boolean): Shown[] =>
  shown.flatMap((item) => (nobody || isHaproxyPage(item.answer) ? members.flatMap(ofMembers) : [item]));

type Members = readonly Observed<{ members: readonly { answer: HttpAnswer }[] }>[];
const ofMembers = (from: Members[number]): Shown[] =>
  from.fact.members.map(({ answer }) => ({ from, answer }));

/** Those of us who were served did not meet the one proxy that refuses. */
const isNginxRefusal = ({ answer }: Shown): boolean => answer.status === 503 && isNginxOwn(answer);

type Input = {
  refused: Shown;
  limited: boolean;
  appServes: boolean;
  appFails: boolean;
  /** nginx itself gets no answer where it passes requests to. */
  isCutOff: boolean;
  healthServes: boolean;
};
type Markers = readonly Observed<{
  configLines: string[];
  markers: { modifiedAt: string; line: string; path: string }[];
}>[];

const byMarker = (markers: Markers, { refused }: Input, now: string): Outcome | null => {
  const from = markers.find(({ fact }) => fact.markers.length > 0);
  const marker = from?.fact.markers[0];
  if (!from || !marker) return null;
  return {
    status: 'failed',
    confidence: 'confirmed',
    summary: `maintenance mode is on: ${marker.path} has been on ${from.via} for ${formatSeconds(secondsBetween(marker.modifiedAt, now))}`,
    evidence: [
      {
        from,
        excerpt: [...from.fact.markers.map(({ line }) => line), ...from.fact.configLines.slice(0, 4)].join(
          '\n',
        ),
      },
      quoteAnswer(refused.from, refused.answer),
    ],
    since: marker.modifiedAt,
  };
};

const NO_ANSWER = [
  ...(['upstream-refused', 'upstream-timeout', 'upstream-unreachable', 'upstream-unresolved'] as const),
  ...(['no-live-upstreams', 'upstream-closed', 'upstream-unusable', 'upstream-not-begun'] as const),
  'leave-not-given' as const,
];

/** `error_page 502 504 =503 /sorry.html`: whatever that page says, it is what the app's own failure looks like. */
const MADE_OF_ERRORS = /\berror_page\s[^;#]*\b50[024]\b[^;#]*=\s*503\b/;

const dressed = (markers: Markers, { appFails, isCutOff }: Input): Outcome | null => {
  const lines = markers.flatMap(({ fact }) => fact.configLines);
  // The page itself may be written as `return 503 "…"`; one without a text is somebody's switch.
  const isSwitch = lines.some((line) => /\breturn\s+503\s*;/.test(line));
  if (isSwitch || !(appFails || isCutOff) || !lines.some((line) => MADE_OF_ERRORS.test(line))) return null;
  return {
    status: 'passed',
    summary: `nginx makes this 503 of every error of the app, and ${appFails ? 'the app does not serve' : 'it gets no answer that it can pass on'}`,
  };
};

const OF_MISSING_FILES = /\btry_files\s[^;#]*=\s*503\b/;

/** nginx itself says 503 only for a limit or for `return 503`: without a limit's line in its log it is the second. */
const byConfiguration = (markers: Markers, { refused, limited, appServes }: Input): Outcome | null => {
  if (!isNginxOwn(refused.answer) || limited) return null;
  const configured = markers.filter(({ fact }) => fact.configLines.length > 0);
  const [from] = configured;
  if (!from && !appServes) return null;
  const lines = configured.flatMap(({ fact }) => fact.configLines);
  const evidence = [
    ...configured.map((item) => ({ from: item, excerpt: item.fact.configLines.slice(0, 6).join('\n') })),
    quoteAnswer(refused.from, refused.answer),
  ];
  // Never sure: a switch by a file that is taken away is made like this, and so is a release that lacks one.
  if (lines.length > 0 && lines.every((line) => OF_MISSING_FILES.test(line)))
    return {
      status: 'failed',
      confidence: 'possible',
      summary: 'nginx answers 503 for a file that it looks for and does not find (`try_files … =503`)',
      evidence,
    };
  return {
    status: 'failed',
    confidence: from && appServes ? 'confirmed' : 'likely',
    summary: `nginx itself answers 503${from ? ' as its configuration says' : ''}${appServes ? ', while the app serves real requests' : ''}`,
    evidence,
    remediations: ['reload-proxy'],
  };
};

const byWords = (input: Input): Outcome => {
  const { answer, from } = input.refused;
  const retryAfter = secondsOf(answer.headers['retry-after'] ?? '', from.at);
  const said = saidIn(answer, retryAfter);
  const timed = said === null ? timedWords(input, retryAfter) : null;
  const summary = said ?? timed;
  if (summary === null) return { status: 'passed', summary: 'nothing says that the 503 is on purpose' };
  const isPlanned = input.healthServes && retryAfter >= PLANNED_RETRY_SECONDS;
  return {
    status: 'failed',
    confidence: said !== null || isPlanned ? 'likely' : 'possible',
    summary,
    evidence: [quoteAnswer(from, answer)],
  };
};

const timedWords = (
  { refused, appServes, healthServes, limited }: Input,
  retryAfter: number,
): string | null => {
  const asks = `the 503 asks to come back in ${String(retryAfter)} s, while`;
  if (limited || retryAfter > WEEK_SECONDS || OF_TROUBLE.test(refused.answer.body)) return null;
  if (appServes && retryAfter >= LONG_RETRY_SECONDS) return `${asks} the app serves`;
  return healthServes && retryAfter >= PLANNED_RETRY_SECONDS ? `${asks} its health check is well` : null;
};

/** RFC 9110, 10.2.3: seconds, or a date. */
const secondsOf = (retryAfter: string, now: string): number =>
  /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.round((Date.parse(retryAfter) - Date.parse(now)) / 1000);

const saidIn = ({ body, reasonPhrase }: HttpAnswer, retryAfter: number): string | null => {
  const text = body.replace(OF_ANY_REASON, '');
  if (SAYS_SO.test(text) || SAYS_SO.test(reasonPhrase ?? '')) return 'the 503 itself speaks of maintenance';
  return retryAfter > 0 && LETS_IN_TURN.test(body) && !OF_TROUBLE.test(body)
    ? `the 503 itself asks to wait for one's turn, and to come back in ${String(retryAfter)} s`
    : null;
};
