import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { signedText, type SnsMessage } from '../../src/alerts/sns-message.js';

export type Signer = { pem: string; sign(message: object, algorithm?: string): string };

/** A key and its certificate, as only the host of a region has them. They are made for these tests, and of no use elsewhere. */
export function readSigner(name: 'sns' | 'sns-stranger' | 'valid'): Signer {
  const read = (ending: string) =>
    readFileSync(new URL(`../fixtures/tls/${name}.${ending}`, import.meta.url), 'utf8');
  const key = read('key');
  return {
    pem: read('crt'),
    sign: (message, algorithm = 'RSA-SHA256') =>
      createSign(algorithm)
        .update(signedText({ ...message } as SnsMessage))
        .sign(key, 'base64'),
  };
}
