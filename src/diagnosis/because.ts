import { formatSeconds } from '../checks/host/clock.js';
import type { Finding } from '../model/finding.js';
import { countOf } from '../model/words.js';
import { byCheck } from './by-check.js';
import { badHosts, type Case } from './case.js';
import { isNamed } from './naming.js';
import { ONSET_TOLERANCE_MS } from './explain.js';
import { linkPhrase } from './link-phrases.js';
import { onsetOf, type Candidate } from './rank.js';

/** Why this root and no other: by what it was chosen, numbers first. */
export const becauseOf = (given: Case, root: Candidate): string =>
  [
    ...(root.atEmitter
      ? [`${given.emitter.writer ?? 'what stands in front'} wrote the answer by itself, on purpose`]
      : []),
    ...shareWords(given, root),
    ...followWords(given, root),
    ...(root.findings.some((finding) => isNamed(given, finding)) ? ['an error of the app names it'] : []),
    ...onsetWords(given, root),
  ].join('; ');

const shareWords = (given: Case, { findings, phases }: Candidate): string[] => {
  const bad = badHosts(given);
  const hosts = new Set(findings.flatMap(({ target }) => (target.kind === 'host' ? [target.name] : [])));
  if (hosts.size === 0 || bad.size === 0 || given.service.hosts.length === 1) return [];
  const hit = [...bad].filter((host) => hosts.has(host)).length;
  const rest = new Set(phases.flatMap(({ target }) => (target.kind === 'host' ? [target.name] : [])));
  return [
    `${hit} of ${countOf(bad.size, 'sick host')} ${hit === 1 ? 'has' : 'have'} it`,
    ...(rest.size === 0 ? [] : [`${[...rest].join(', ')} shows the same trouble in another state`]),
  ];
};

/** Hints count on neither side: "3 of 4" should make a reader look for the fourth. */
const followWords = (given: Case, { findings, phases, consequences, atEmitter }: Candidate): string[] => {
  const own = new Set([...findings, ...phases]);
  const others = given.findings.filter((finding) => isMore(finding) && !own.has(finding)).length;
  if (others === 0) return ['nothing else failed'];
  if (atEmitter) return [];
  const explained = [...consequences].filter(isMore).length;
  if (explained === 0)
    return [
      others === 1
        ? 'the one other failure does not explain it'
        : `none of the ${others} other failures explains it`,
    ];
  return [`it explains ${explained} of ${countOf(others, 'other failure')}, and none explains it`];
};
const isMore = ({ confidence }: Finding): boolean => confidence !== 'possible';

/** R12: only where both began at a known time and far enough apart to tell. */
const onsetWords = (given: Case, root: Candidate): string[] => {
  const began = onsetOf(root);
  const others = onsetOf({ findings: given.findings.filter((finding) => !root.findings.includes(finding)) });
  if (began === null || others === null || others - began <= ONSET_TOLERANCE_MS) return [];
  return [`it began ${formatSeconds((others - began) / 1000)} before the rest`];
};

/** What follows, each failing state once: "health check fails on 2 of 3 hosts". */
export const explainsOf = ({ service }: Case, { consequences }: Candidate): string[] =>
  byCheck(consequences).map((findings) => linkPhrase(findings, service));
