import { z } from 'zod';
import { type Asked } from './people.js';
import type { Sent } from './sender.js';
import { looksOf, overlapsOf } from './looks.js';
import { busiest, editsOf, keyOf, postedAt, postsOf } from './posts.js';
import { isStruck, type Strike } from './strikes.js';
import type { Stage } from './stage.js';

/** One line of the report; `broken` are the promises that did not hold. */
export type Verdict = { figures: string; broken: string[] };

/** Slack's own bound is one a second; three at once after a pause; the rest is time on the way. */
const STRETCH_S = 10;
const MOST_IN_STRETCH = STRETCH_S + 3 + 2;
const PEAK_MB = 512;
const STARTED_WITHIN_MS = 5_000;
/** A killed worker's work is taken up within 20 s, and then it has to be its turn. */
const STARTED_AT_LAST_WITHIN_MS = 60_000;

const Alerts = z.object({ fingerprint: z.string(), incidentId: z.string().nullable() });
const Incident = z.object({
  id: z.string(),
  service: z.string(),
  count: z.int(),
  headline: z.string().nullable(),
});

/** What was stored against what was accepted. */
export async function judgeAlerts({ database, channelOf }: Stage, sent: Sent): Promise<Verdict> {
  const rows = z
    .array(Alerts)
    .parse(await database.query('SELECT fingerprint, incident_id::text AS "incidentId" FROM diag503.alert'));
  const placed = new Set(
    rows.filter(({ incidentId }) => incidentId !== null).map(({ fingerprint }) => fingerprint),
  );
  const lost = [...sent.accepted].filter((fingerprint) => !placed.has(fingerprint));
  const incidents = await incidentsOf(database);
  const ofAlerts = incidents.filter(({ service }) => channelOf.has(service));
  const counted = ofAlerts.reduce((sum, { count }) => sum + count, 0);
  return {
    figures: `${sent.accepted.size} alerts accepted, ${lost.length} of them without an incident, ${counted} counted; ${ofAlerts.length} episodes of ${channelOf.size} services`,
    broken: [
      ...lost.map((fingerprint) => `${fingerprint} was accepted and has no incident`),
      ...sent.refused.map((line) => `not taken: ${line}`),
      ...(counted === placed.size ? [] : [`${placed.size} alerts were counted ${counted} times`]),
      ...(ofAlerts.length === channelOf.size
        ? []
        : [`${ofAlerts.length} episodes of ${channelOf.size} services`]),
    ],
  };
}

/** Without those of a command that was taken back: who asked was told so, in private. */
const incidentsOf = async (database: Stage['database']) =>
  z.array(Incident).parse(
    await database.query(
      `SELECT i.id::text, i.service, i.alert_count AS count,
         (SELECT m.id::text FROM diag503.message m WHERE m.incident_id = i.id AND m.kind = 'headline') AS headline
       FROM diag503.incident i
       WHERE i.alert_count > 0
         OR EXISTS (SELECT 1 FROM diag503.run r WHERE r.incident_id = i.id AND r.state <> 'refused')`,
    ),
  );

/** One thread an episode, nothing twice, and no faster than Slack allows. */
export async function judgeMessages({ slack, database }: Stage): Promise<Verdict> {
  const posts = postsOf(slack);
  const times = new Map<string, number>();
  for (const post of posts) {
    const key = keyOf(slack, post);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const twice = [...times].filter(([, count]) => count > 1);
  const threads = new Set(
    posts.filter(({ threadTs }) => threadTs === null).map((post) => keyOf(slack, post)),
  );
  const incidents = await incidentsOf(database);
  const without = incidents.filter(({ headline }) => headline === null || !threads.has(headline));
  const failed = await database.query(
    `SELECT kind, error FROM diag503.message WHERE error IS NOT NULL AND error <> 'its run was never started'`,
  );
  const news = posts.map((post) => ({ channel: post.channel, at: postedAt(post) }));
  const edits = editsOf(slack);
  const busy = [busiest(news, STRETCH_S * 1_000), busiest(edits, STRETCH_S * 1_000)] as const;
  return {
    figures: `${incidents.length} incidents with ${incidents.length - without.length} threads; ${posts.length} messages, ${twice.length} of them twice; ${edits.length} edits; a channel's busiest ${STRETCH_S} s: ${busy[0]} new and ${busy[1]} edits`,
    broken: [
      ...twice.map(([key, count]) => `${count} messages are the same one: ${key}`),
      ...without.map(({ service }) => `the incident of ${service} has no thread`),
      ...failed.map(({ kind, error }) => `a ${String(kind)} was never posted: ${String(error)}`),
      ...busy
        .filter((most) => most > MOST_IN_STRETCH)
        .map((most) => `${most} messages of one channel within ${STRETCH_S} s`),
    ],
  };
}

/** The bot of each delivery, the worker of each look; never two looks at one service at once. */
export async function judgeWork({ database, bots, workers }: Stage, sent: Sent): Promise<Verdict> {
  const looks = looksOf(workers);
  const overlaps = overlapsOf(looks);
  const [runs] = await database.query(
    `SELECT count(*)::int AS all, count(*) FILTER (WHERE state = 'finished')::int AS finished FROM diag503.run
     WHERE state <> 'refused'`,
  );
  const ofBots = bots.map(({ name }, index) => `${name} ${sent.byBot[index] ?? 0}`);
  const ofWorkers = workers.map(({ name }) => `${name} ${looks.filter(({ by }) => by === name).length}`);
  const idle = [...ofBots, ...ofWorkers].filter((each) => each.endsWith(' 0'));
  const unfinished = Number(runs?.['all']) - Number(runs?.['finished']);
  return {
    figures: `deliveries: ${ofBots.join(', ')}; looks: ${ofWorkers.join(', ')}; ${overlaps.length} at one service at once; ${Number(runs?.['finished'])} of ${Number(runs?.['all'])} runs finished`,
    broken: [
      ...overlaps,
      ...idle.map((each) => `did not share the work: ${each}`),
      ...(unfinished === 0 ? [] : [`${unfinished} runs failed`]),
    ],
  };
}

/** What the supervisor saw. */
export function judgeProcesses({ bots, workers }: Stage): Verdict {
  const all = [...bots, ...workers];
  return {
    figures: all
      .map(
        ({ name, lives, ownEnds, peakMb }) =>
          `${name}: peak ${peakMb().toFixed(0)} MB, ${lives.length} starts, ${ownEnds()} ends of its own`,
      )
      .join('; '),
    broken: bots
      .filter(({ peakMb }) => peakMb() > PEAK_MB || peakMb() === 0)
      .map(({ name, peakMb }) => `${name} held ${peakMb().toFixed(0)} MB, ${PEAK_MB} are allowed`),
  };
}

/** People come before alerts. Whose command met a kill may wait until somebody else has taken it up. */
export function judgePeople(asked: readonly Asked[], strikes: readonly Strike[]): Verdict {
  const never = asked.filter(({ startedAt }) => startedAt === null);
  const waits = asked.flatMap(({ service, typedAt, startedAt, typed }) =>
    startedAt === null
      ? []
      : [{ service, typed, ms: startedAt - typedAt, met: isStruck(strikes, typedAt, startedAt) }],
  );
  const calm = waits.filter(({ met }) => !met);
  const struck = waits.filter(({ met }) => met);
  const worst = (of: typeof waits): string =>
    of.length === 0
      ? 'none'
      : `${of.length}, the slowest started after ${Math.max(...of.map(({ ms }) => ms))} ms`;
  const late = [
    ...calm.filter(({ ms }) => ms > STARTED_WITHIN_MS),
    ...struck.filter(({ ms }) => ms > STARTED_AT_LAST_WITHIN_MS),
  ];
  return {
    figures: `commands in the storm: ${worst(calm)}; that met a kill: ${worst(struck)}; typed again ${asked.reduce((sum, { typed }) => sum + typed - 1, 0)} times`,
    broken: [
      ...never.map(({ service }) => `the run of ${service} never started`),
      ...late.map(({ service, ms }) => `the run of ${service} started after ${ms} ms`),
      ...(calm.length === 0 ? ['no command was typed while nothing was down'] : []),
    ],
  };
}
