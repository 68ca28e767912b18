import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/model/audit.js';
import { auditRefusals } from '../../src/slack/audit-refusals.js';
import { createGate } from '../../src/slack/gate.js';
import { remediation } from '../helpers/remediation.js';

const known = remediation();

/** A press of a guest, as far as the gate. */
const press = (actionId: string, value: string): Promise<AuditEntry[]> =>
  refuse({ channel: { id: 'C0OPS' }, actions: [{ action_id: actionId, value }] });

async function refuse(fields: object): Promise<AuditEntry[]> {
  const written: AuditEntry[] = [];
  const store = {
    audit: { append: (entry: AuditEntry) => Promise.resolve(void written.push(entry) as never) },
    remediations: { get: (id: string) => Promise.resolve(id === known.id ? known : null) },
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const gate = createGate({
    authorise: () => Promise.resolve({ allowed: false, reason: 'guests of the workspace may not use it.' }),
    firstSight: () => Promise.resolve(true),
    log: log as never,
    onRefused: auditRefusals(store),
  });
  const body = {
    ...{ user: { id: 'U0GUEST', team_id: 'T0' }, team: { id: 'T0' } },
    ...fields,
  };
  await gate({ body, next: () => Promise.reject(new Error('no listener may hear of it')) } as never);
  return written;
}

describe('who may not even ask', () => {
  it.each([
    'remediate',
    'remediate-2',
    'approve-remediation',
    'deny-remediation',
    'keep-drained',
    'break-glass',
  ])('is in the audit for pressing %s', async (actionId) => {
    expect(await press(actionId, `${known.id} ${known.planDigest}`)).toMatchObject([
      {
        ...{ event: 'refused', actor: 'U0GUEST', service: 'api-prod', remediationId: known.id },
        detail: {
          act: actionId.replace('-2', ''),
          channel: 'C0OPS',
          because: 'guests of the workspace may not use it.',
        },
      },
    ]);
  });

  it('is for what was picked in the menu, and for a form', async () => {
    const because = 'guests of the workspace may not use it.';
    const picked = { action_id: 'more-actions', selected_option: { value: `remediate ${known.id}` } };
    expect(await refuse({ channel: { id: 'C0OPS' }, actions: [picked] })).toMatchObject([
      { event: 'refused', detail: { act: 'remediate', channel: 'C0OPS', because } },
    ]);
    const about = JSON.stringify({ id: known.id, planDigest: known.planDigest, channel: 'C0OPS' });
    expect(
      await refuse({ view: { callback_id: 'break-glass-form', private_metadata: about } }),
    ).toMatchObject([{ event: 'refused', detail: { act: 'break-glass-form', channel: 'C0OPS', because } }]);
    expect(await refuse({ view: { callback_id: 'break-glass-form', private_metadata: '{' } })).toEqual([]);
  });

  it('is not for what changes nothing, or for what nobody knows', async () => {
    expect(await press('run-again', known.id)).toEqual([]);
    expect(await press('remediate', 'x')).toEqual([]);
  });
});
