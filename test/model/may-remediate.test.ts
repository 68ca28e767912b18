import { describe, expect, it } from 'vitest';
import { RemediationId } from '../../src/model/cause.js';
import { type Act, mayRemediate, type Person, PersonKind, PlaceKind } from '../../src/model/may-remediate.js';
import { RemediationRule, Role } from '../../src/model/service.js';

const roles = new Map([
  ['operator', Role.parse({ users: ['U0ANA'], groups: ['S0OPS'] })],
  ['lead', Role.parse({ groups: ['S0LEADS'] })],
  ['nobody', Role.parse({ users: ['U0ELSE'] })],
]);

/** One row a remediation: who may ask, who may approve, whether there is a way around approvals. */
const RULES: Record<RemediationId, RemediationRule> = {
  'restart-service': RemediationRule.parse({ allow: ['operator'] }),
  'start-service': RemediationRule.parse({ allow: ['operator', 'lead'] }),
  'reload-proxy': RemediationRule.parse({ allow: ['lead'], approvals: 1 }),
  'end-idle-sessions': RemediationRule.parse({ allow: ['operator'], breakGlass: true, approvals: 1 }),
  'drain-host': RemediationRule.parse({ allow: ['operator'], approve: ['lead'], approvals: 1 }),
  'restore-host': RemediationRule.parse({ allow: ['nobody'] }),
  'roll-back': RemediationRule.parse({ allow: ['operator'], approve: ['lead'], approvals: 2 }),
  'run-command': RemediationRule.parse({ allow: ['lead'], approve: ['operator'], breakGlass: true }),
};

const ask = (id: RemediationId, person: Partial<Person>, place: PlaceKind = 'public', act: Act = 'request') =>
  mayRemediate({
    person: { user: 'U0BEN', kind: 'member', groups: [], ...person },
    place,
    act,
    rule: RULES[id],
    roles,
  });

/** The people by what they belong to. */
const PEOPLE: Record<string, { person: Partial<Person>; has: readonly string[] }> = {
  'operator by name': { person: { user: 'U0ANA' }, has: ['operator'] },
  'operator by group': { person: { groups: ['S0OPS'] }, has: ['operator'] },
  lead: { person: { groups: ['S0LEADS'] }, has: ['lead'] },
  both: { person: { groups: ['S0LEADS', 'S0OPS'] }, has: ['operator', 'lead'] },
  'nobody in particular': { person: { groups: ['S0OTHER'] }, has: [] },
};
const ACTS = ['request', 'approve', 'break-glass'] as const;

describe('who may remediate', () => {
  it('has a row for every remediation', () => {
    expect(Object.keys(RULES).toSorted()).toEqual([...RemediationId.options].toSorted());
  });

  describe.each(RemediationId.options)('%s', (id) => {
    describe.each(Object.entries(PEOPLE))('%s', (_who, { person, has }) => {
      describe.each(ACTS)('to %s', (act) => {
        const rule = RULES[id];
        const named = act === 'approve' ? (rule.approve ?? rule.allow) : rule.allow;
        const mayByRole =
          named.some((role) => has.includes(role)) && (act !== 'break-glass' || rule.breakGlass);

        it.each(PersonKind.options)('as %s, in every kind of channel', (kind) => {
          for (const place of PlaceKind.options) {
            const right = ask(id, { ...person, kind }, place, act);
            const expected = mayByRole && kind === 'member' && (place === 'public' || place === 'private');
            expect({ place, allowed: right.allowed }).toEqual({ place, allowed: expected });
          }
        });
      });
    });
  });

  it('says which role is missing, and that none would help where none would', () => {
    expect(ask('roll-back', {}, 'public', 'approve')).toMatchObject({ allowed: false, roles: ['lead'] });
    expect(ask('roll-back', { kind: 'guest', user: 'U0ANA' })).toMatchObject({ allowed: false, roles: [] });
  });

  it('is refused for what the inventory does not name, and where no role of that name exists', () => {
    const person = { user: 'U0ANA', kind: 'member', groups: ['S0OPS', 'S0LEADS'] } as const;
    const question = { person, place: 'public', act: 'request', roles } as const;
    expect(mayRemediate({ ...question, rule: undefined })).toMatchObject({ allowed: false });
    const rule = RemediationRule.parse({ allow: ['ghost'] });
    expect(mayRemediate({ ...question, rule })).toMatchObject({ allowed: false });
    expect(mayRemediate({ ...question, rule: RULES['restart-service'], roles: new Map() })).toMatchObject({
      allowed: false,
    });
  });

  it('is refused where Slack does not say which groups somebody is in, unless the name is enough', () => {
    expect(ask('restart-service', { groups: null })).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('did not say') as string,
    });
    expect(ask('restart-service', { user: 'U0ANA', groups: null })).toEqual({
      allowed: true,
      role: 'operator',
    });
  });
});
