import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/clients/known-hosts.js';
import { credentialsFor } from '../../src/clients/ssh-auth.js';
import type { SshTarget } from '../../src/clients/ssh-config.js';
import { createHostKeyVerifier } from '../../src/clients/ssh-host-key.js';

const folder = mkdtempSync(path.join(tmpdir(), 'ssh-trust-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ5Gd1yP7cQAk8o0jv2Aq1M3n1u2v3w4x5y6z7A8B9C0';
const presented = Buffer.from(KEY, 'base64');
const target = (change: Partial<SshTarget>): SshTarget => ({
  name: 'api-1',
  hostName: 'api-1',
  port: 22,
  user: 'ana',
  knownAs: 'api-1',
  knownHostsFiles: [],
  pinnedKey: undefined,
  identityFiles: [],
  identitiesOnly: true,
  agentSocket: undefined,
  jumps: [],
  ...change,
});

describe('a host key', () => {
  const pinned = { pinnedKey: fingerprint(presented) };
  const knownHosts = (text: string): Partial<SshTarget> => {
    const file = path.join(folder, 'known_hosts');
    writeFileSync(file, text);
    return { ...pinned, knownHostsFiles: [file] };
  };

  it('that is pinned is accepted without known_hosts', () => {
    expect(createHostKeyVerifier(target(pinned)).accept(presented)).toBe(true);
  });

  it('that is marked @revoked is refused although it is pinned', () => {
    const verifier = createHostKeyVerifier(target(knownHosts(`@revoked * ssh-ed25519 ${KEY}\n`)));
    expect(verifier.accept(presented)).toBe(false);
    expect(verifier.refusal()?.message).toContain('@revoked');
  });
});

describe('a key file', () => {
  const file = path.join(folder, 'id');
  writeFileSync(file, ssh2.utils.generateKeyPairSync('ed25519').private);

  it('of our own that others may read is not used, as ssh does not', () => {
    chmodSync(file, 0o644);
    expect(() => credentialsFor(target({ identityFiles: [file] }))).toThrow(`chmod 600 ${file}`);
    chmodSync(file, 0o600);
    expect(credentialsFor(target({ identityFiles: [file] })).offered).toEqual([file]);
  });
});
