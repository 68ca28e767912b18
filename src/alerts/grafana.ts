import { z } from 'zod';
import { AlertGroup, toGroupAlert } from './alertmanager.js';
import { defineSource } from './define-source.js';
import { digestOf, isOneOf, signaturesOf, staleness } from './proof.js';

export const GRAFANA_SIGNATURE = 'x-grafana-alerting-signature';
export const GRAFANA_TIMESTAMP = 'x-grafana-alerting-timestamp';

const Payload = AlertGroup.extend({
  version: z.literal('1'),
  orgId: z.number(),
  alerts: z
    .array(AlertGroup.shape.alerts.element.extend({ panelURL: z.string().optional() }))
    .min(1)
    .max(2_000),
});

/**
 * Grafana's own alerting. It signs the time only where its contact point names a header for it, and what it signs
 * without could be sent again for ever: so the time is asked for.
 */
export const grafana = defineSource({
  id: 'grafana',
  title: 'Grafana Alerting',
  contentTypes: ['application/json'],
  refusedWith: 401,
  settings: (all) => all.grafana,
  gate: ({ secrets }, world) => ({
    refuses(header) {
      if (!/^[0-9a-f]{64}$/.test(header(GRAFANA_SIGNATURE) ?? ''))
        return 'its signature is missing, doubled or malformed';
      return staleness(header(GRAFANA_TIMESTAMP), world.now());
    },
    prove({ header, body }) {
      const signed = [`${header(GRAFANA_TIMESTAMP) ?? ''}:`, body] as const;
      if (!isOneOf(header(GRAFANA_SIGNATURE) ?? '', signaturesOf(secrets, ...signed)))
        return { genuine: false, because: 'its signature is not by our secret' };
      return { genuine: true, key: digestOf(...signed) };
    },
  }),
  read(payload, world) {
    const { alerts } = Payload.parse(payload);
    // An empty panelURL is what rules without a panel send.
    const linkOf = (panel: string | undefined, generator: string | undefined) => panel || generator;
    return {
      alerts: alerts.map((each) =>
        toGroupAlert('grafana', each, world, linkOf(each.panelURL, each.generatorURL)),
      ),
    };
  },
});
