import { describe, expect, it } from 'vitest';
import { connectFailure } from '../../src/clients/connect-failure.js';
import { isLoopback } from '../../src/clients/addresses.js';
import { ConnectionLost, forwardError } from '../../src/clients/ssh-errors.js';
import { ClientError, HostUnreached } from '../../src/model/client-error.js';

/** As sshd words it for a forwarded connection. */
const forwarded = (text: string) =>
  forwardError('api-1', 'cache:6379', new Error(`(SSH) Channel open failure: ${text}`));

const reset = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

describe('connectFailure', () => {
  it.each([
    ['Connection refused', { rung: 'tcp', kind: 'refused' }],
    ['Name or service not known', { rung: 'dns', kind: 'not-found' }],
    ['Temporary failure in name resolution', { rung: 'dns', kind: 'timeout' }],
    ['Connection timed out', { rung: 'tcp', kind: 'timeout' }],
    ['No route to host', { rung: 'tcp', kind: 'no-route' }],
    ['Connection reset by peer', { rung: 'tcp', kind: 'reset' }],
  ])('reads %s through a host as the far end', (text, failure) => {
    expect(connectFailure(forwarded(text))).toEqual({ ...failure, message: text });
  });

  it.each([
    ['forwarding that is not allowed', forwarded('administratively prohibited')],
    [
      'a lost host',
      new ConnectionLost('api-1', Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT' })),
    ],
    ['a host that resets the login', new HostUnreached('unreachable', 'api-1: dropped', { cause: reset() })],
    [
      'a jump that resets the login',
      new ClientError('unreachable', 'no way through bastion', {
        cause: new HostUnreached('unreachable', 'bastion: dropped', { cause: reset() }),
      }),
    ],
    ['a run that ended', new ClientError('cancelled', 'given up')],
    ['anything unknown', new Error('what?')],
  ])('says nothing about the far end for %s', (_name, error) => {
    expect(connectFailure(error)).toBeNull();
  });
});

it.each([
  ['localhost', true],
  ['localhost.', true],
  ['127.0.1.1', true],
  ['[::1]', true],
  ['/run/postgresql', true],
  ['10.0.0.1', false],
  ['cache.internal', false],
])('%s is this machine: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
