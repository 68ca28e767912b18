import { expect, it } from 'vitest';
import { configFor, documentedConfig } from '../lab/alerting/documented-config.js';

/** The lab runs a real Alertmanager on those lines; here, without one, they must not get lost. */
it('docs/alerts.md has a receiver that the lab can put in its place', () => {
  const [
    {
      name,
      webhook_configs: [webhook],
    },
  ] = documentedConfig().receivers;
  const place = { origin: 'http://127.0.0.1:8503', tokenFile: '/run/token', repeatInterval: '5s' };
  expect(configFor(place)).toMatchObject({
    receivers: [
      { name: 'people' },
      {
        name,
        webhook_configs: [
          {
            ...webhook,
            url: 'http://127.0.0.1:8503/alerts/alertmanager',
            http_config: { authorization: { type: 'Bearer', credentials_file: '/run/token' } },
          },
        ],
      },
    ],
    route: { receiver: 'people', routes: [{ receiver: name, group_wait: '0s', repeat_interval: '5s' }] },
  });
});
