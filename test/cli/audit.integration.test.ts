import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backbone, openTestBackbone } from '../helpers/backbone.js';
import { cli } from './spawn-cli.js';

describe('diag503 audit', () => {
  let backbone: Backbone;
  let head: string;
  const audit = (...args: string[]) =>
    cli(['audit', ...args], { env: { DATABASE_URL: backbone.postgres.url } });

  beforeAll(async () => {
    backbone = await openTestBackbone('PostgreSQL');
    for (const actor of ['U0ANA', 'U0BEN', 'U0\u202eANA'])
      await backbone.store.audit.append({
        event: 'refused',
        service: 'api',
        remediationId: null,
        actor,
        detail: {},
      });
    const { seq, hash } = await backbone.store.audit.head();
    head = `${seq}:${hash}`;
  });
  afterAll(() => backbone.close());

  it('verifies the trail, and says what to note of it', async () => {
    const { exitCode, stdout } = await audit('verify');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`3 rows, whole. Note the end somewhere else: ${head}`);
    expect((await audit('verify', '--head', head)).exitCode).toBe(0);
    expect((await audit('verify', '--head', 'nonsense')).exitCode).toBe(64);
  });

  it('exports one document a line that no terminal obeys', async () => {
    const { stdout } = await audit('export', '--after', '1');
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; actor: string });
    expect(rows.map(({ seq }) => seq)).toEqual([2, 3]);
    expect(rows[1]?.actor).toBe('U0\u202eANA');
    expect(stdout).not.toContain('\u202e');
  });

  it('names the first bad row', async () => {
    const { query } = backbone.database;
    await query('ALTER TABLE diag503.audit DISABLE TRIGGER audit_only_grows');
    await query(`DELETE FROM diag503.audit WHERE seq = 3`);
    const cut = await audit('verify');
    expect(cut.exitCode).toBe(65);
    expect(cut.stderr).toContain('rows 3 to 3 were cut off at the end');
    await query(`UPDATE diag503.audit SET actor = 'U0EVIL' WHERE seq = 2`);
    expect((await audit('verify')).stderr).toContain('row 2 is not what was written');
  });
});
