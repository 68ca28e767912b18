import { describe, expect, it } from 'vitest';
import { alertSecrets } from '../../src/config/alert-settings.js';
import { ConfigError } from '../../src/config/config-error.js';
import { readEnv, type RawEnv } from '../../src/config/env.js';
import { parseInventory } from '../../src/config/inventory.js';
import { NEXT_SECRET, SECRET, TOPIC } from '../alerts/route.js';

const problemsOf = (work: () => unknown): readonly string[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};
const problems = (raw: RawEnv) => problemsOf(() => readEnv(raw, 'alerts'));

describe('the secrets of alert sources', () => {
  it('switch their sources on', () => {
    expect(readEnv({}, 'alerts').alerts).toBeUndefined();
    const raw = {
      DIAG503_ALERTS_ALERTMANAGER_LOGIN: `am:${SECRET}`,
      DIAG503_ALERTS_GRAFANA_SECRET: `${SECRET}, ${NEXT_SECRET}`,
      DIAG503_ALERTS_SNS_TOPICS: TOPIC,
      DIAG503_ALERTS_GENERIC_TOKEN: SECRET,
    };
    const { alerts } = readEnv(raw, 'alerts');
    expect(alerts).toEqual({
      alertmanager: { tokens: [], logins: [`am:${SECRET}`] },
      grafana: { secrets: [SECRET, NEXT_SECRET] },
      sns: { topics: [TOPIC], confirm: 'operator' },
      generic: { secrets: [], tokens: [SECRET] },
    });
    expect(alertSecrets(alerts)).toEqual([SECRET, SECRET, NEXT_SECRET, SECRET]);
    const named = readEnv({ ...raw, DIAG503_ALERTS_SOURCES: 'grafana' }, 'alerts');
    expect(Object.keys(named.alerts ?? {})).toEqual(['grafana']);
  });

  it('are needed for a source that is named', () => {
    expect(
      problems({ DIAG503_ALERTS_SOURCES: 'grafana, alertmanager', DIAG503_ALERTS_GRAFANA_SECRET: SECRET }),
    ).toEqual([
      'DIAG503_ALERTS_SOURCES: names alertmanager, which has no secret, and nobody is let in without one; set DIAG503_ALERTS_ALERTMANAGER_TOKEN or DIAG503_ALERTS_ALERTMANAGER_LOGIN, or take alertmanager out',
    ]);
  });

  it.each([
    [{ DIAG503_ALERTS_SOURCES: 'nagios' }, 'DIAG503_ALERTS_SOURCES: must be of alertmanager, grafana'],
    [
      { DIAG503_ALERTS_GRAFANA_SECRET: 'hunter2' },
      'has 7 characters; at least 32; make one with: openssl rand -hex 32',
    ],
    [{ DIAG503_ALERTS_GRAFANA_SECRET: 'a'.repeat(64) }, 'repeats too few characters to be a secret'],
    [{ DIAG503_ALERTS_GRAFANA_SECRET: `${SECRET},` }, 'has 0 characters'],
    [{ DIAG503_ALERTS_GRAFANA_SECRET: `${SECRET} x` }, 'has a space or a character outside of ASCII in it'],
    [{ DIAG503_ALERTS_GRAFANA_SECRET: [SECRET, SECRET, SECRET].join(',') }, 'has 3 values; at most 2'],
    [{ DIAG503_ALERTS_DATADOG_TOKEN: 'x'.repeat(300) }, 'has 300 characters; at most 256'],
    [{ DIAG503_ALERTS_PAGERDUTY_SECRET: 'short' }, 'has 5 characters; at least 16'],
    [{ DIAG503_ALERTS_ALERTMANAGER_LOGIN: SECRET }, 'must be written as user:password'],
    [{ DIAG503_ALERTS_ALERTMANAGER_LOGIN: 'am:short' }, 'its password has 5 characters'],
    [{ DIAG503_ALERTS_SNS_TOPICS: 'alarms' }, 'must be the ARN of a topic'],
    [{ DIAG503_ALERTS_SNS_TOPICS: 'arn:aws:sns:evil.example/:123456789012:a' }, 'must be the ARN of a topic'],
    [{ DIAG503_ALERTS_SNS_CONFIRM: 'yes' }, 'must be operator or bot'],
    [{ DIAG503_ALERTS_GRAFNA_SECRET: SECRET }, 'did you mean "DIAG503_ALERTS_GRAFANA_SECRET"?'],
  ])('are refused as %o', (raw, message) => {
    const found = problems(raw).join('\n');
    expect(found).toContain(message);
    expect(found).not.toContain(SECRET);
    expect(found).not.toContain('hunter2');
  });

  it('do not disturb a diagnosis when they are wrong', () => {
    expect(problemsOf(() => readEnv({ DIAG503_ALERTS_GRAFANA_SECRET: 'x' }, 'run'))).toEqual([]);
  });
});

describe('alerts.match', () => {
  const parse = (match: string) => () =>
    parseInventory(
      `services:\n  shop: { hosts: [local], health: 'http://h/', alerts: { match: ${match} } }\n  api: { hosts: [local], health: 'http://h/', alerts: { match: { service: api } } }\n`,
      { file: 'services.yaml', env: {} },
    );

  it.each(['{ app: shop }', '[{ app: shop }, { job: "shop-*", env: prod }]'])('may be %s', (match) => {
    expect(problemsOf(parse(match))).toEqual([]);
  });

  it.each([
    ['{}', 'shop.alerts.match: names no label, and would match every alert; name at least one'],
    ['[]', 'shop.alerts.match: must have at least 1 entry; got a list'],
    ['[{}]', 'shop.alerts.match.0: names no label'],
    ['{ app: 7 }', 'shop.alerts.match.app: expected text; got 7 (a number)'],
    ['[{ app: [x] }]', 'shop.alerts.match.0.app: expected text; got a list'],
    ['shop', 'shop.alerts.match: expected'],
    [
      '{ service: api }',
      'api.alerts.match: asks for the same labels as shop, which gets them; make one narrower',
    ],
    ['[{ a: b, c: d }, { c: d, a: b }]', 'shop.alerts.match.1: asks for the same labels as an entry above'],
  ])('may not be %s', (match, message) => {
    expect(problemsOf(parse(match)).join('\n')).toContain(message);
  });
});
