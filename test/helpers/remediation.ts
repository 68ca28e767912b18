import { planDigest } from '../../src/model/plan.js';
import type { Remediation } from '../../src/model/remediation.js';
import { plan as planOf } from './plan.js';

const AT = '2026-11-22T02:53:07.000Z';

/** A valid one, offered and not pressed; a test names only the fields it is about. */
export const remediation = (fields: Partial<Remediation> = {}): Remediation => {
  const plan = fields.plan ?? planOf();
  return {
    id: '7d0c9d52-8a41-4f6e-9d7c-2b1e5a6f7c81',
    incidentId: '0a9b8c7d-6e5f-4a3b-8c1d-0e9f8a7b6c5d',
    runId: '3f0c9d52-8a41-4f6e-9d7c-2b1e5a6f7c80',
    service: 'api-prod',
    kind: plan.remediation,
    position: 0,
    state: 'offered',
    plan,
    planDigest: planDigest(plan),
    approvalsNeeded: 0,
    breakGlass: false,
    offeredAt: AT,
    expiresAt: AT,
    requestedBy: null,
    requestedAt: null,
    reason: null,
    startedAt: null,
    notAfter: null,
    progress: null,
    outcome: null,
    verifyRunId: null,
    finishedAt: null,
    watchUntil: null,
    lostAt: null,
    mac: null,
    restoreAt: null,
    ...fields,
  };
};
