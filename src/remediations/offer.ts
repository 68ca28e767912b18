import { adviceFor } from '../model/advice.js';
import type { RemediationId } from '../model/cause.js';
import type { Plan } from '../model/plan.js';
import { canBeShown } from '../model/plan-lines.js';
import type { Reading } from '../model/reading.js';
import type { Around } from '../model/service-digest.js';
import type { Service } from '../model/service.js';
import type { RunDocument } from '../model/verdict.js';
import { planOf } from './define-remediation.js';
import { remediations } from './index.js';

type Input = { service: Service; around?: Around; document: RunDocument; readings: readonly Reading[] };
export type Offered = {
  offers: { plan: Plan; approvalsNeeded: number; breakGlass: boolean }[];
  /** What the findings would ask for and what stands in its way. */
  withheld: { id: RemediationId; because: string }[];
};

/**
 * What may be done about a verdict, the best first. Pure. Nothing where nothing should be done yet, nothing on a mere
 * possibility, nothing that the inventory does not name, and nothing that does not fit what was read.
 */
export function offer({ service, around = {}, document, readings }: Input): Offered {
  const { verdict, findings } = document;
  const sure = verdict.confidence === 'confirmed' || verdict.confidence === 'likely';
  if (verdict.status !== 'cause-found' || !sure || adviceFor(document) !== null)
    return { offers: [], withheld: [] };
  const offered: Offered = { offers: [], withheld: [] };
  for (const id of wanted(document)) {
    const rule = service.remediations[id];
    if (rule === undefined) {
      offered.withheld.push({ id, because: 'the inventory does not allow it for this service' });
      continue;
    }
    const planned = planOf(remediations[id], { service, around, rule, verdict, findings, readings });
    const { approvals: approvalsNeeded, breakGlass } = rule;
    if (!planned.fits) offered.withheld.push({ id, because: planned.because });
    else if (approvalsNeeded > 0 && !canBeShown(planned.plan))
      offered.withheld.push({ id, because: TOO_LONG });
    else offered.offers.push({ plan: planned.plan, approvalsNeeded, breakGlass });
  }
  return offered;
}

const TOO_LONG = 'its plan is longer than a message can show, and nobody approves what they cannot see';

/** What the root asks for; an operator's own command is asked for by no check. */
const wanted = ({ verdict }: RunDocument): RemediationId[] => [
  ...new Set<RemediationId>([...verdict.remediations, 'run-command']),
];
