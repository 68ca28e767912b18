import { execFileSync } from 'node:child_process';
import { createSign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { signedText, SnsMessage } from '../../src/alerts/sns-message.js';

export type Signer = { pem: string; sign(message: object, algorithm?: string): string };

/** A key and its certificate, as only the host of a region has them. */
export function createSigner(days = '30', key = 'rsa:2048'): Signer {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-sns-'));
  try {
    const files = ['-keyout', path.join(folder, 'key.pem'), '-out', path.join(folder, 'cert.pem')];
    const kind = key === 'ec' ? ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'] : [key];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        ...kind,
        '-nodes',
        '-subj',
        '/CN=sns.amazonaws.com',
        '-days',
        days,
        ...files,
      ],
      { stdio: 'pipe' },
    );
    const [privateKey, pem] = ['key.pem', 'cert.pem'].map((name) =>
      readFileSync(path.join(folder, name), 'utf8'),
    );
    return {
      pem: pem!,
      sign: (message, algorithm = 'RSA-SHA256') =>
        createSign(algorithm)
          .update(signedText({ ...message } as SnsMessage))
          .sign(privateKey!, 'base64'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
