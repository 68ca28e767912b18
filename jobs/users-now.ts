import { isServed } from '../src/checks/evidence/answers.js';
import { collect } from '../src/diagnosis/collect.js';
import { observe } from '../src/diagnosis/observe.js';
import { sightings } from '../src/diagnosis/sightings.js';
import type { Service } from '../src/model/service.js';
import { balancerLog } from '../src/probes/balancer-log.js';
import { healthAnswer } from '../src/probes/health-answer.js';
import { publicAnswer } from '../src/probes/public-answer.js';
import type { RemediateNeeds } from './remediate-needs.js';

export type UsersNow = {
  /** Whether our own requests are served: at the users' URL, else by the health check of every host. Null: nobody could ask. */
  readonly ours: boolean | null;
  /** Whether other users were turned away just now, by the balancer's log. */
  readonly othersFail: boolean;
};

type Needs = Pick<RemediateNeeds, 'connector' | 'network'>;

/** One look from where users stand, and nothing else: no cause is sought. */
export async function usersNow({ connector, network }: Needs, service: Service): Promise<UsersNow> {
  const probes = service.url === undefined ? { healthAnswer } : { publicAnswer, balancerLog };
  const signal = AbortSignal.timeout(service.deadlineSeconds * 1_000);
  // With a URL the hosts have no part in it: a dead one would only take the time.
  const asking = service.url === undefined ? service : { ...service, hosts: [] };
  const { readings } = await collect(asking, { connector, network, probes, signal });
  const seen = sightings(service, observe(readings, probes));
  const asked = readings.filter(({ probe }) => probe !== balancerLog.id);
  const answers = [...seen.publicAnswers, ...seen.health.map(({ answer }) => answer)];
  const isAllHeard = asked.length > 0 && asked.every(({ status }) => status === 'read');
  const ours = answers.some((answer) => !isServed(answer)) ? false : isAllHeard ? true : null;
  return { ours, othersFail: seen.publicAnswers.length > 0 && seen.others !== null };
}
