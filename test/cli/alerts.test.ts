import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainPayload, type Explanation } from '../../src/alerts/explain-payload.js';
import { renderExplanation, renderSources } from '../../src/cli/alerts.js';
import type { AlertSource } from '../../src/model/alert.js';
import { NOW } from '../alerts/route.js';
import { inventoryOf, service } from '../helpers/service.js';

const inventory = inventoryOf(
  service('shop', { alerts: { match: { service: 'api-*' } } }),
  service('api-prod', { alerts: { match: { service: 'api-prod' } } }),
);
const read = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/alerts/${name}.json`, import.meta.url));
const explain = (body: Buffer, source?: AlertSource): Explanation =>
  explainPayload(body, { source, inventory, now: NOW });
const valid = (explanation: Explanation) => {
  if (!explanation.valid) throw new Error(explanation.problems.join());
  return explanation;
};

describe('alerts explain', () => {
  it('says whose each alert is, by which labels, and who would fit as well', async () => {
    const text = await renderExplanation('a.json', valid(explain(read('alertmanager-firing'))));
    expect(text)
      .toBe(`a.json: valid, from Prometheus Alertmanager (alertmanager): 2 alerts; its sender is not checked here

firing, critical: api-prod answers 503 to a third of requests
  fingerprint   9f1c2a7be0d4435f
  began         2026-03-01T02:41:07.123Z
  labels        alertname=ServiceAnswers503, service=api-prod, severity=critical, instance=api-1:8000
  link          http://prometheus:9090/graph?g0.expr=up
  service       shop
  because       service=api-*; api-prod would fit as well, but stands further down

resolved, info: ServiceSlow
  fingerprint   0000000000000001
  began         2026-03-01T00:00:00.000Z
  ended         2026-03-01T02:40:00.000Z
  labels        alertname=ServiceSlow, service=nobody, severity=none
  link          none
  service       none: no labels of the inventory fit, and no service has its name
`);
  });

  it('asks the store about those that are somebody’s', async () => {
    const asked = (alert: { fingerprint: string }) =>
      Promise.resolve({
        ...{ incident: 'joined' as const, incidentId: `of ${alert.fingerprint}` },
        ...{ run: null, because: 'a run is on' },
      });
    const text = await renderExplanation('a.json', valid(explain(read('alertmanager-firing'))), asked);
    expect(text.match(/^ {2}incident.*\n.*$/gm)).toEqual([
      '  incident      joined (of 9f1c2a7be0d4435f)\n  new run       no: a run is on',
    ]);
  });

  it.each(['alertmanager', 'grafana', 'pagerduty', 'datadog', 'generic'] as const)(
    'knows a payload of %s by itself',
    (id) => {
      const name =
        { pagerduty: 'pagerduty-triggered', datadog: 'datadog-triggered' }[id as string] ?? `${id}-firing`;
      expect(valid(explain(read(name))).source).toBe(id);
    },
  );

  it('says why it is of none, and why not of the one that was meant', () => {
    expect(explain(Buffer.from('{'))).toEqual({ valid: false, problems: ['the body is not JSON'] });
    const none = explain(Buffer.from('{}'));
    expect(none).toMatchObject({ valid: false });
    expect(none.valid ? [] : none.problems).toHaveLength(6);
    expect(explain(read('grafana-firing'), 'alertmanager')).toEqual({
      valid: false,
      problems: ['alertmanager: the payload is not of this source: version: Invalid input: expected "4"'],
    });
  });
});

it('alerts sources says which are on, and where', () => {
  expect(renderSources({ grafana: { secrets: ['x'] } })).toContain(
    'grafana       on:  POST /alerts/grafana\npagerduty     off',
  );
});
