import { afterAll, describe, expect, it, vi } from 'vitest';
import { localConnection } from '../../src/clients/local-shell.js';

afterAll(() => void vi.unstubAllEnvs());

describe('the host `local`', () => {
  it("has a login's environment, without the secrets of the worker", async () => {
    vi.stubEnv('SLACK_BOT_TOKEN', 'xoxb-not-for-programs');
    vi.stubEnv('DATABASE_URL', 'postgres://diag503:not-for-programs@db/diag503');
    const signal = AbortSignal.timeout(5000);
    const { stdout } = await localConnection().runScript('env', { signal, maxBytes: 65_536 });
    expect(stdout).toContain('PATH=');
    expect(stdout).not.toContain('not-for-programs');
  });
});
