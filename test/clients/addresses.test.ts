import { describe, expect, it } from 'vitest';
import { refuseForbidden } from '../../src/clients/addresses.js';

describe('refuseForbidden', () => {
  it.each([
    '169.254.169.254',
    '169.254.43518',
    '2852039166',
    '0xa9fea9fe',
    '0xa9.0xfe.0xa9.0xfe',
    '::ffff:169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '100.100.100.200',
    'metadata.google.internal',
    'Metadata.Google.Internal.',
  ])('refuses %s', (address) => expect(() => refuseForbidden(address)).toThrow('metadata address'));

  it.each(['127.0.0.1', 'localhost', '[::1]', '10.0.0.5', 'db-1', 'db_1.internal', '/run/postgresql', ''])(
    'lets %j pass',
    (address) => expect(() => refuseForbidden(address)).not.toThrow(),
  );
});
