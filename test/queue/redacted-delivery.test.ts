import { expect, it } from 'vitest';
import { createRedactor } from '../../src/diagnosis/redact.js';
import { redactedDelivery } from '../../src/queue/redacted-delivery.js';
import { delivery } from '../helpers/alert.js';

it('takes secrets out of what a sender writes, and leaves what names the alert', () => {
  const url = 'https://a/?token=abcdef0123456789';
  const labels = { service: 'shop', api_token: 'abcdef0123456789', url };
  const given = delivery('shop', [
    { title: 'GET https://probe:hunter2secret@shop.example/ failed', labels, link: url },
  ]);
  const { matched, unmatched, key } = redactedDelivery(
    { ...given, unmatched: given.matched },
    createRedactor().text,
  );
  expect(JSON.stringify([matched, unmatched])).not.toMatch(/hunter2secret|abcdef0123456789/);
  expect(matched[0]).toMatchObject({ service: 'shop', fingerprint: 'f1', severity: 'warning' });
  expect(matched[0]?.labels['service']).toBe('shop');
  expect(key).toBe(given.key);
});
