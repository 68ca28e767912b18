import type { PlanStep } from '../model/plan.js';
import { release } from '../probes/release.js';
import type { Draft } from './define-remediation.js';
import { outOfPool, restartRadius } from './restart-steps.js';
import { releaseLinkOf, rollBackProgram } from './roll-back-program.js';
import { systemctl, unitCommand, unitOf, unitStateOn, waitHealthy } from './unit-steps.js';
import { factOf, hostsFor, type World } from './world.js';

/** From which release to which, on which hosts; or why not. */
type Way = { from: string; to: string; hosts: string[]; toMadeAt: string };

/** The release link, host by host: out of the pool where that is possible, linked, started anew, and back. */
export function linkBack(world: World, warning: string): Draft {
  const way = wayBack(world);
  if (typeof way === 'string') return { fits: false, because: way };
  const unit = unitOf(world.service);
  const where = releaseLinkOf(world.service);
  if (where === null) return { fits: false, because: 'the inventory names no link of the release' };
  const [old, before] = [nameOf(way.from), nameOf(way.to)];
  const hosts = way.hosts.join(', ');
  return {
    fits: true,
    plan: {
      label: `Roll ${world.service.name} back to ${before}`.slice(0, 75),
      target: { kind: 'service', name: world.service.name },
      steps: way.hosts.flatMap((host) => stepsOn(world, host, { ...way, link: where.link })),
      effect: `Leads ${where.link} from ${old} to ${before} on ${hosts}, restarts ${unit}, one host after the other, and waits until each answers its health check.`,
      blastRadius: `${before} was unpacked at ${way.toMadeAt}. ${warning} ${restartRadius(world, way.hosts)}`,
      undo: `ln -sfn ${way.from} ${where.link} && systemctl restart ${unit}`,
    },
  };
}

function stepsOn(
  world: World,
  host: string,
  { link, from, to }: Pick<Way, 'from' | 'to'> & { link: string },
): PlanStep[] {
  const unit = unitOf(world.service);
  const state = unitStateOn(world, host);
  // A bad release crashes again and again, so which run of it this is is nothing to rest on: the link is.
  const command = (...words: string[]): PlanStep => unitCommand(host, systemctl(...words, unit), unit, {});
  return outOfPool(world, host, [
    { kind: 'link', host, program: rollBackProgram(world.service), link, from, to },
    // What has crashed too often is not started any more until that is forgotten. systemd forgets a stopped unit itself.
    ...(state?.activeState === 'inactive' ? [] : [command('reset-failed')]),
    command('--no-block', 'restart'),
    waitHealthy(host, unit, state?.invocationId ?? ''),
  ]);
}

/** The one release that is left, and the one that all its hosts had before it. Whoever runs that already is left alone. */
function wayBack(world: World): Way | string {
  const ways = [];
  for (const host of world.service.hosts) {
    const before = factOf(world, release, host)?.before;
    if (before === undefined) return `the release before on ${host} could not be read`;
    if ('because' in before) return `${host}: ${before.because}`;
    ways.push({ host, ...before });
  }
  const sick = ways.filter(({ host }) => hostsFor(world, 'roll-back').includes(host));
  const newest = sick.toSorted((a, b) => b.fromMadeAt.localeCompare(a.fromMadeAt))[0];
  if (newest === undefined) return 'no host is sick';
  const { from, to, toMadeAt } = newest;
  const going = ways.filter((way) => way.from === from);
  const other = going.find((way) => way.to !== to);
  if (other !== undefined)
    return `before ${from} there was ${to} on ${newest.host}, and ${other.to} on ${other.host}`;
  const third = ways.find((way) => way.from !== from && way.from !== to);
  if (third !== undefined) return `${third.host} runs ${third.from}, neither ${from} nor ${to}`;
  return { from, to, toMadeAt, hosts: going.map(({ host }) => host) };
}

/** What each host would go back to: another deploy changes it. */
export function waysBack(world: World): Record<string, string> {
  if (world.rule.releases === undefined) return {};
  const entries = world.service.hosts.flatMap((host) => {
    const before = factOf(world, release, host)?.before;
    return before === undefined || 'because' in before ? [] : [[`the release before on ${host}`, before.to]];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('/') + 1);
