import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { createAuthorise, senderOf } from '../../src/slack/authorise.js';

const HOME = 'T0HOME';
const member = { id: 'U0ANA', team_id: HOME, deleted: false };

/** A client whose `users.info` answers what the test says. */
const setUp = (answer: () => Promise<object>, now = () => 0) => {
  let asked = 0;
  const client = new WebClient('xoxb-test', {
    retryConfig: { retries: 0 },
    fetch: async () => {
      asked += 1;
      return new Response(JSON.stringify(await answer()));
    },
  });
  return { authorise: createAuthorise({ client, homeTeam: () => HOME, now }), asked: () => asked };
};
const withProfile = (profile: object) => setUp(async () => ({ ok: true, user: profile }));
const ana = { user: 'U0ANA', teams: [HOME] };

describe('authorise', () => {
  it('lets a member in', async () => {
    expect(await withProfile(member).authorise(ana)).toEqual({ allowed: true });
  });

  it('lets a member of an organisation in who belongs to the home workspace', async () => {
    const profile = { ...member, team_id: 'E0ORG', enterprise_user: { teams: [HOME] } };
    expect(await withProfile(profile).authorise(ana)).toEqual({ allowed: true });
  });

  it.each([
    ['of another workspace', { ...member, team_id: 'T0OTHER' }, /home|own workspace/],
    ['strangers', { ...member, is_stranger: true }, /own workspace/],
    ['guests', { ...member, is_restricted: true }, /guests/],
    ['single-channel guests', { ...member, is_ultra_restricted: true }, /guests/],
    ['bots', { ...member, is_bot: true }, /bots/],
    ['the deactivated', { ...member, deleted: true }, /deactivated/],
    ['a profile without a workspace', { id: 'U0ANA', deleted: false }, /did not say/],
    ['a profile that does not say whether it is deactivated', { id: 'U0ANA', team_id: HOME }, /did not say/],
  ])('refuses %s', async (_who, profile, reason) => {
    const permission = await withProfile(profile).authorise(ana);
    expect(permission).toMatchObject({ allowed: false });
    expect('reason' in permission && permission.reason).toMatch(reason);
  });

  it.each([[[]], [['T0OTHER']], [[HOME, 'T0OTHER']]])(
    'refuses the payload teams %j without asking',
    async (teams) => {
      const { authorise, asked } = withProfile(member);
      expect(await authorise({ user: 'U0ANA', teams })).toMatchObject({ allowed: false });
      expect(asked()).toBe(0);
    },
  );

  it('refuses when Slack cannot be asked, and asks again the next time', async () => {
    let broken = true;
    const { authorise } = setUp(async () => {
      if (broken) throw new Error('down');
      return { ok: true, user: member };
    });
    expect(await authorise(ana)).toMatchObject({ allowed: false });
    broken = false;
    expect(await authorise(ana)).toEqual({ allowed: true });
  });

  it('asks once a minute', async () => {
    let now = 0;
    const { authorise, asked } = setUp(
      async () => ({ ok: true, user: member }),
      () => now,
    );
    await Promise.all([authorise(ana), authorise(ana), authorise(ana)]);
    now = 59_000;
    await authorise(ana);
    expect(asked()).toBe(1);
    now = 60_001;
    await authorise(ana);
    expect(asked()).toBe(2);
  });
});

describe('senderOf', () => {
  it.each([
    ['a command', { user_id: 'U0ANA', team_id: 'T1' }, { user: 'U0ANA', teams: ['T1'] }],
    [
      'a button',
      { user: { id: 'U0ANA', team_id: 'T1' }, team: { id: 'T2' } },
      { user: 'U0ANA', teams: ['T1', 'T2'] },
    ],
    ['a button without a team', { user: { id: 'U0ANA' }, team: null }, { user: 'U0ANA', teams: [] }],
    ['nobody', { type: 'x' }, null],
    ['a mention as a user', { user_id: '<!here>', team_id: 'T1' }, null],
    ['nothing', undefined, null],
  ])('%s', (_what, body, sender) => {
    expect(senderOf(body)).toEqual(sender);
  });
});
