import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAddress, resolveTarget } from '../../src/clients/ssh-config.js';

const folder = mkdtempSync(path.join(tmpdir(), 'diag503-ssh-config-'));
const sshConfigPath = path.join(folder, 'config');
const resolve = (name: string, access = {}, settings = {}) =>
  resolveTarget(name, { sshConfigPath, ...settings }, access);

beforeAll(() => {
  mkdirSync(path.join(folder, 'more'));
  writeFileSync(path.join(folder, 'more', 'a.conf'), 'Host included\n  HostName 10.0.0.9\n  Port 2209\n');
  writeFileSync(
    sshConfigPath,
    [
      'Include more/*.conf',
      'IdentityFile ~/.ssh/everyone',
      'Host api-*',
      '  HostName %h.internal',
      '  User deploy',
      '  Port 2222',
      '  IdentityFile ~/.ssh/%r-at-%n',
      '  IdentitiesOnly yes',
      '  ProxyJump ana@bastion:2200,inner',
      '  UserKnownHostsFile ~/.ssh/hosts-%p',
      'Host aliased',
      '  HostKeyAlias the-real-one',
      '  IdentityAgent none',
      'Host odd',
      '  ProxyCommand nc %h %p',
      '',
    ].join('\n'),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('addresses', () => {
  it.each([
    ['api-1', { host: 'api-1' }],
    ['ana@api-1:2222', { user: 'ana', host: 'api-1', port: 2222 }],
    ['[::1]:2222', { host: '::1', port: 2222 }],
    ['ana@[fe80::1]', { user: 'ana', host: 'fe80::1' }],
  ])('%s', (text, address) => expect(parseAddress(text)).toEqual(address));
});

describe('ssh_config', () => {
  it('gives name, user, port, keys, jumps and known_hosts of a pattern, tokens expanded', () => {
    expect(resolve('api-1')).toMatchObject({
      hostName: 'api-1.internal',
      user: 'deploy',
      port: 2222,
      knownAs: 'api-1.internal',
      identityFiles: [`${homedir()}/.ssh/everyone`, `${homedir()}/.ssh/deploy-at-api-1`],
      identitiesOnly: true,
      jumps: ['ana@bastion:2200', 'inner'],
    });
    expect(resolve('api-1').knownHostsFiles).toContain(`${homedir()}/.ssh/hosts-2222`);
  });

  it('reads included files, and they do not swallow what follows', () => {
    expect(resolve('included')).toMatchObject({ hostName: '10.0.0.9', port: 2209 });
    expect(resolve('other').identityFiles).toEqual([`${homedir()}/.ssh/everyone`]);
  });

  it('has defaults for a host that it does not name', () => {
    expect(resolve('other')).toMatchObject({
      hostName: 'other',
      port: 22,
      user: userInfo().username,
      jumps: [],
    });
  });

  it('gives way to the address, then to the inventory, then to the environment', () => {
    expect(resolve('ana@api-1:22')).toMatchObject({ user: 'ana', port: 22 });
    const access = { address: 'bo@10.1.1.1:23', identityFile: '/k1', jump: 'gate', hostKey: 'SHA256:x' };
    expect(resolve('web', access, { identityFile: '/k2' })).toMatchObject({
      name: 'web',
      hostName: '10.1.1.1',
      user: 'bo',
      port: 23,
      identityFiles: ['/k1'],
      jumps: ['gate'],
      pinnedKey: 'SHA256:x',
    });
    expect(resolve('api-1', {}, { identityFile: '/k2', knownHostsPath: '/kh' })).toMatchObject({
      identityFiles: ['/k2'],
      knownHostsFiles: ['/kh'],
    });
  });

  it('takes HostKeyAlias, and refuses a ProxyCommand instead of going around it', () => {
    expect(resolve('aliased')).toMatchObject({ knownAs: 'the-real-one', agentSocket: undefined });
    expect(() => resolve('odd')).toThrow(/ProxyCommand.*not supported/);
  });
});
