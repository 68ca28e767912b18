import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSns, readSigner, genuine, notification, providers } from './providers.js';
import { fixture, NEXT_SECRET, NOW, openRoute, recordingPort, type Route, SECRET } from './route.js';

const EXPECTED = {
  alertmanager: {
    fingerprint: '9f1c2a7be0d4435f',
    title: 'api-prod answers 503 to a third of requests',
    startsAt: '2026-03-01T02:41:07.123Z',
    link: 'http://prometheus:9090/graph?g0.expr=up',
  },
  grafana: {
    fingerprint: '57c6d9296de2ad39',
    title: 'checkout answers 503',
    startsAt: '2026-03-01T02:41:00.000Z',
    link: 'https://grafana.example/d/shop?viewPanel=2',
    severity: 'warning',
  },
  pagerduty: {
    fingerprint: 'PF9KMXH api-prod/503',
    title: '503 at the edge of api-prod',
    startsAt: '2026-03-01T02:41:09.000Z',
    link: 'https://shop.pagerduty.com/incidents/PGR0VU2',
  },
  datadog: {
    fingerprint: '148275309 service:api-prod,env:prod',
    title: 'api-prod: too many 503',
    startsAt: '2026-03-01T02:41:00.000Z',
    link: 'https://app.datadoghq.eu/event/event?id=7716548234011234567',
  },
  generic: {
    fingerprint: 'api-prod the nightly probe got 503 three times',
    title: 'the nightly probe got 503 three times',
    startsAt: '2026-03-01T02:41:00.000Z',
    link: 'https://ci.example/job/7',
  },
} as const;

/** A second delivery of the same, as its provider makes one. */
const KEYS = {
  pagerduty: '01DEN4HPBQAAAG05V5QQYBRZMF',
  datadog: '7716548234011234567',
  generic: 'probe-2026-03-01.1',
};

describe.each(providers)('what $id sends as its documentation says', (provider) => {
  let route: Route;
  beforeAll(async () => {
    route = await openRoute();
  });
  afterAll(() => route.close());

  it('is stored as alerts of the service, and then answered with success', async () => {
    const got = await route.send(provider.id, genuine(provider));
    expect(got.status).toBe(200);
    expect(JSON.parse(got.text)).toMatchObject({ repeated: false, matched: 1 });
    expect(route.seen).toHaveLength(1);
    expect(route.seen[0]?.matched[0]).toMatchObject({
      source: provider.id,
      status: 'firing',
      service: 'api-prod',
      severity: 'critical',
      endsAt: null,
      ...EXPECTED[provider.id],
    });
    if (provider.id in KEYS) expect(route.seen[0]?.key).toBe(KEYS[provider.id as keyof typeof KEYS]);
  });

  it('is taken by the second secret as well, and by no third', async () => {
    const headersOf = (secret: string) => ({
      'content-type': 'application/json; charset=utf-8',
      ...provider.prove(provider.body, secret),
    });
    const { status } = await route.send(provider.id, {
      body: provider.body,
      headers: headersOf(NEXT_SECRET),
    });
    expect(status).toBe(200);
    const third = await route.send(provider.id, { body: provider.body, headers: headersOf(`${SECRET}x`) });
    expect(third.status).toBe(provider.refused);
  });

  it('gives the port the same key a hundred times when it comes a hundred times at once', async () => {
    const before = route.seen.length;
    const all = await Promise.all(
      Array.from({ length: 100 }, () => route.send(provider.id, genuine(provider))),
    );
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(route.seen).toHaveLength(before + 100);
    expect(new Set(route.seen.slice(before).map(({ key }) => key)).size).toBe(1);
  });

  it('is answered 503 when it could not be stored, and not with the reason', async () => {
    const refusing = await openRoute({ intake: () => Promise.reject(new Error('db-7 is down')) });
    const got = await refusing.send(provider.id, genuine(provider));
    expect(got.status).toBe(503);
    expect(got.text).not.toContain('db-7');
    await refusing.close();
  });
});

describe('what differs from source to source', () => {
  const read = async (id: (typeof providers)[number]['id'], change: (payload: never) => void) => {
    const provider = providers.find((each) => each.id === id)!;
    const payload: unknown = JSON.parse(provider.body);
    change(payload as never);
    const route = await openRoute();
    const body = JSON.stringify(payload);
    const got = await route.send(id, genuine(provider, body));
    await route.close();
    return { got, seen: route.seen };
  };

  it('keeps alerts of no service apart', async () => {
    const { seen } = await read('alertmanager', () => undefined);
    expect(seen[0]?.unmatched).toEqual([
      expect.objectContaining({
        status: 'resolved',
        severity: 'info',
        title: 'ServiceSlow',
        startsAt: '2026-03-01T00:00:00.000Z',
        endsAt: '2026-03-01T02:40:00.000Z',
        link: null,
      }),
    ]);
  });

  it('has one key for both members of a pair of Alertmanagers, and another for the next notification', async () => {
    const key = async (change: (payload: { externalURL: string; alerts: { status: string }[] }) => void) =>
      (await read('alertmanager', change)).seen[0]?.key;
    const one = await key(() => undefined);
    expect(await key((payload) => (payload.externalURL = 'http://the-other:9093'))).toBe(one);
    expect(await key((payload) => void payload.alerts.reverse())).toBe(one);
    expect(await key((payload) => (payload.alerts[0]!.status = 'resolved'))).not.toBe(one);
  });

  it('lets Alertmanager log in with a name as well', async () => {
    const route = await openRoute();
    const login = Buffer.from(`am:${SECRET}`).toString('base64');
    const headers = { 'content-type': 'application/json', authorization: `Basic ${login}` };
    const body = fixture('alertmanager-firing');
    expect((await route.send('alertmanager', { headers, body })).status).toBe(200);
    await route.close();
  });

  it.each([
    ['incident.resolved', 'resolved'],
    ['incident.reopened', 'firing'],
  ])('reads %s of PagerDuty as %s', async (type, status) => {
    const { seen } = await read('pagerduty', (payload: { event: { event_type: string } }) => {
      payload.event.event_type = type;
    });
    expect(seen[0]?.matched[0]).toMatchObject({
      status,
      endsAt: status === 'resolved' ? '2026-03-01T02:41:10.000Z' : null,
    });
  });

  it.each([
    ['when it was reopened', '2026-03-01T03:10:00Z', '2026-03-01T03:10:00.000Z'],
    ['when the event is of, where it does not say', undefined, '2026-03-01T02:41:10.000Z'],
  ])('begins a reopened incident of PagerDuty anew: %s', async (_name, reopened_at, startsAt) => {
    const { seen } = await read(
      'pagerduty',
      ({ event }: { event: { event_type: string; data: Record<string, unknown> } }) => {
        event.event_type = 'incident.reopened';
        if (reopened_at !== undefined) event.data['reopened_at'] = reopened_at;
      },
    );
    expect(seen[0]?.matched[0]).toMatchObject({ status: 'firing', startsAt });
  });

  it.each([
    ['P1', 'triggered', [{ status: 'firing', severity: 'critical', startsAt: '2026-03-01T02:41:09.000Z' }]],
    ['P3', 'acknowledged', [{ status: 'firing', severity: 'warning' }]],
    ['P1', 'resolved', undefined],
  ])('reads priority %s of an incident of PagerDuty that is %s', async (summary, status, alerts) => {
    const { got, seen } = await read(
      'pagerduty',
      ({ event }: { event: { event_type: string; data: Record<string, unknown> } }) => {
        event.event_type = 'incident.priority_updated';
        Object.assign(event.data, { status, urgency: 'low', priority: { summary } });
      },
    );
    expect(got.status).toBe(200);
    if (alerts === undefined) expect(seen).toEqual([]);
    else expect(seen[0]?.matched).toMatchObject(alerts);
  });

  it.each(['incident.acknowledged', 'pagey.ping', 'incident.annotated'])(
    'takes %s of PagerDuty, which begins and ends nothing',
    async (type) => {
      const { got, seen } = await read('pagerduty', (payload: { event: { event_type: string } }) => {
        payload.event.event_type = type;
      });
      expect(got.status).toBe(200);
      expect(seen).toEqual([]);
    },
  );

  it.each([
    ['Re-Triggered', 'firing', 'critical'],
    ['Warn', 'firing', 'critical'],
    ['No Data', 'firing', 'critical'],
    ['Renotify', 'firing', 'critical'],
    ['Recovered', 'resolved', 'critical'],
    ['Warn Recovered', 'resolved', 'critical'],
  ])('reads %s of Datadog as %s', async (transition, status, severity) => {
    const { seen } = await read('datadog', (payload: { transition: string }) => {
      payload.transition = transition;
    });
    expect(seen[0]?.matched[0]).toMatchObject({ status, severity });
  });

  it('takes variables that Datadog left as they were for nothing', async () => {
    const { seen } = await read('datadog', (payload: Record<string, string>) => {
      Object.assign(payload, { priority: '$ALERT_PRIORITY', link: '$LINK', date: '$DATE' });
    });
    expect(seen[0]?.matched[0]).toMatchObject({ link: null, startsAt: new Date(NOW).toISOString() });
  });

  it('takes a token for a sender that cannot sign', async () => {
    const route = await openRoute();
    const headers = { 'content-type': 'application/json', authorization: `bearer ${NEXT_SECRET}` };
    expect((await route.send('generic', { headers, body: fixture('generic-firing') })).status).toBe(200);
    await route.close();
  });

  it('makes an outsider’s text harmless and short, and keeps only links that open as a page', async () => {
    const { seen } = await read('generic', (payload: Record<string, unknown>) => {
      Object.assign(payload, {
        title: `a\u0000b\u001b[31m\u202e\r\n<!channel>\ud800${'x'.repeat(4_000)}`,
        link: 'javascript:alert(1)',
        labels: { ['n'.repeat(300)]: 'v'.repeat(5_000), service: 'shop', constructor: 'c' },
      });
    });
    const alert = seen[0]!.matched[0]!;
    expect(alert.title).toMatch(/^a b {1}\[31m +<!channel> xxx/);
    expect(alert.title).toHaveLength(300);
    expect(alert.link).toBeNull();
    expect(alert.service).toBe('api-prod');
    expect(Object.keys(alert.labels).map((name) => name.length)).toEqual([7, 200, 11]);
    expect(Object.values(alert.labels)[1]).toHaveLength(1_000);
  });
});

describe('what SNS sends as its documentation says', () => {
  const signer = readSigner('sns');
  const world = {
    now: () => NOW,
    fetchCertificate: () => Promise.resolve(signer.pem),
    open: () => Promise.reject(new Error('nothing is opened here')),
  };

  it('is stored as an alert of the service', async () => {
    const route = await openRoute({ world });
    expect(await route.send('sns', asSns(notification(signer)))).toMatchObject({ status: 200 });
    expect(route.seen[0]).toMatchObject({ key: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324' });
    expect(route.seen[0]?.matched[0]).toMatchObject({
      status: 'firing',
      service: 'api-prod',
      title: 'api-prod-503',
      fingerprint: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:api-prod-503',
      startsAt: '2026-03-01T02:41:00.236Z',
      labels: { namespace: 'AWS/ApplicationELB', LoadBalancer: 'app/api-prod/50dc6c495c0c9188' },
    });
    await route.close();
  });

  it('has one key however often it comes', async () => {
    const route = await openRoute({ world });
    const sent = asSns(notification(signer));
    const all = await Promise.all(Array.from({ length: 100 }, () => route.send('sns', sent)));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    expect(route.seen.map(({ key }) => key)).toEqual(Array.from({ length: 100 }, () => route.seen[0]?.key));
    await route.close();
  });

  it.each([
    ['an alarm that is over', { NewStateValue: 'OK' }, 'resolved'],
    ['a composite alarm', { Trigger: undefined, AlarmName: 'several' }, 'firing'],
    ['an alarm on a log', { Trigger: { Query: 'fields @message', Unit: null } }, 'firing'],
  ])('reads %s', async (_name, change, status) => {
    const route = await openRoute({ world });
    const alarm = { ...(JSON.parse(fixture('cloudwatch-alarm')) as object), ...change };
    await route.send('sns', asSns(notification(signer, { Message: JSON.stringify(alarm) })));
    expect([...route.seen[0]!.matched, ...route.seen[0]!.unmatched]).toMatchObject([{ status }]);
    await route.close();
  });

  const alertOf = async (change: Record<string, unknown>) => {
    const route = await openRoute({ world });
    const alarm = { ...(JSON.parse(fixture('cloudwatch-alarm')) as object), ...change };
    await route.send('sns', asSns(notification(signer, { Message: JSON.stringify(alarm) })));
    await route.close();
    return [...route.seen[0]!.matched, ...route.seen[0]!.unmatched][0]!;
  };

  it('knows what the metrics of an alarm that calculates have in common, which is how a rate of 503 is watched', async () => {
    const metric = (MetricName: string, Dimensions: object[]) => ({
      Id: MetricName.toLowerCase(),
      ReturnData: false,
      MetricStat: {
        Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions },
        ...{ Period: 60, Stat: 'Sum' },
      },
    });
    const balancer = { name: 'LoadBalancer', value: 'app/api-prod/50dc6c495c0c9188' };
    const { labels } = await alertOf({
      Trigger: {
        ...{ Period: 60, EvaluationPeriods: 1, Threshold: 0.05 },
        Metrics: [
          { Expression: 'errors/requests', Id: 'e1', Label: 'rate', ReturnData: true },
          metric('HTTPCode_ELB_503_Count', [balancer, { name: 'AvailabilityZone', value: 'eu-west-1a' }]),
          metric('RequestCount', [balancer, { name: 'AvailabilityZone', value: 'eu-west-1b' }]),
        ],
      },
    });
    expect(labels).toEqual({
      ...{ alarm: 'api-prod-503', account: '123456789012', region: 'EU (Ireland)' },
      ...{ namespace: 'AWS/ApplicationELB', LoadBalancer: 'app/api-prod/50dc6c495c0c9188' },
    });
  });

  it('keeps the series of one alarm apart, each of which begins and ends by itself', async () => {
    const series = (AlarmContributorId: string, service: string) =>
      alertOf({ Trigger: undefined, AlarmContributorId, AlarmContributorAttributes: { service } });
    const [one, other] = [await series('a1b2c3d4', 'api-prod'), await series('e5f6a7b8', 'shop')];
    expect(one).toMatchObject({ service: 'api-prod', labels: { service: 'api-prod' } });
    expect(other.fingerprint).not.toBe(one.fingerprint);
    expect((await series('a1b2c3d4', 'api-prod')).fingerprint).toBe(one.fingerprint);
  });

  it.each([
    ['an alarm that lacks data', JSON.stringify({ AlarmName: 'a', NewStateValue: 'INSUFFICIENT_DATA' })],
    ['what another publisher says', 'the backup is done'],
    ['a document of another publisher', '{"__proto__":{"a":1}}'],
  ])('takes %s, which begins and ends nothing', async (_name, Message) => {
    const route = await openRoute({ world });
    expect(await route.send('sns', asSns(notification(signer, { Message })))).toMatchObject({ status: 200 });
    expect(route.seen).toEqual([]);
    await route.close();
  });
});

it('answers 503 when the port takes too long', async () => {
  const route = await openRoute({
    intake: () => new Promise(() => undefined),
    limits: { storeMs: 50 },
  });
  expect((await route.send('alertmanager', genuine(providers[0]!))).status).toBe(503);
  await route.close();
});

it('answers 503 while too many are in hand, and takes the next', async () => {
  const { intake } = recordingPort();
  let let_go = (): void => undefined;
  const held = new Promise<void>((resolve) => (let_go = resolve));
  const route = await openRoute({
    intake: async (delivery) => {
      await held;
      return intake(delivery);
    },
    limits: { bodies: 2 },
  });
  const one = providers[0]!;
  const first = [route.send(one.id, genuine(one)), route.send(one.id, genuine(one))];
  await expect.poll(async () => (await route.send(one.id, genuine(one))).status).toBe(503);
  const other = providers[3]!;
  const untouched = route.send(other.id, genuine(other));
  let_go();
  expect((await Promise.all([...first, untouched])).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await route.send(one.id, genuine(one))).status).toBe(200);
  await route.close();
});
