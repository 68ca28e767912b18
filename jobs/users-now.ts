import { isServed } from '../src/checks/evidence/answers.js';
import { collect } from '../src/diagnosis/collect.js';
import { observe, type ProbeRegistry } from '../src/diagnosis/observe.js';
import { sightings } from '../src/diagnosis/sightings.js';
import { symptomOf } from '../src/diagnosis/symptom.js';
import type { Service } from '../src/model/service.js';
import { balancerLog } from '../src/probes/balancer-log.js';
import { balancerMembers } from '../src/probes/balancer-members.js';
import { healthAnswer } from '../src/probes/health-answer.js';
import { memberAnswer } from '../src/probes/member-answer.js';
import { publicAnswer } from '../src/probes/public-answer.js';
import type { RemediateNeeds } from './remediate-needs.js';

type Needs = Pick<RemediateNeeds, 'connector' | 'network'>;

/** Whether our own requests are served: at the users' URL, else by the health check of every host. Null: nobody could ask. */
export const isAnswering = async (needs: Needs, service: Service): Promise<boolean | null> =>
  (await look(needs, service, {})).ours;

/** The same, and whether others are turned away all the same, by what a run would take for a symptom. */
export const usersNow = (needs: Needs, service: Service) =>
  look(needs, service, { balancerLog, balancerMembers, memberAnswer });

/** One look from where users stand, and nothing else: no cause is sought. */
async function look({ connector, network }: Needs, service: Service, besides: ProbeRegistry) {
  const hasUrl = service.url !== undefined;
  const asking: ProbeRegistry = hasUrl ? { publicAnswer } : { healthAnswer };
  const probes = hasUrl ? { ...asking, ...besides } : asking;
  const signal = AbortSignal.timeout(service.deadlineSeconds * 1_000);
  // With a URL the hosts have no part in it: a dead one would only take the time.
  const asked = hasUrl ? { ...service, hosts: [] } : service;
  const { readings } = await collect(asked, { connector, network, probes, signal });
  const seen = sightings(service, observe(readings, probes));
  const own = new Set(Object.values(asking).map(({ id }) => id));
  const ourReadings = readings.filter(({ probe }) => own.has(probe));
  const answers = [...seen.publicAnswers, ...seen.health.map(({ answer }) => answer)];
  const isAllHeard = ourReadings.length > 0 && ourReadings.every(({ status }) => status === 'read');
  const ours = answers.some((answer) => !isServed(answer)) ? false : isAllHeard ? true : null;
  return { ours, othersFail: hasUrl && ours === true && symptomOf(seen, service).state === 'partial' };
}
