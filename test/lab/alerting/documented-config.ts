import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const PAGE = path.resolve(import.meta.dirname, '../../../docs/alerts.md');

const one = <T extends z.ZodType>(schema: T) => z.tuple([schema]);
const Documented = z.looseObject({
  receivers: one(
    z.looseObject({
      name: z.string(),
      webhook_configs: one(
        z.looseObject({
          url: z.url(),
          http_config: z.looseObject({
            authorization: z.looseObject({ type: z.literal('Bearer'), credentials_file: z.string() }),
          }),
        }),
      ),
    }),
  ),
  route: z.looseObject({ routes: one(z.looseObject({ receiver: z.string() })) }),
});
type Documented = z.infer<typeof Documented>;

/** The lines that docs/alerts.md gives people to copy into alertmanager.yml. */
export function documentedConfig(): Documented {
  const section = readFileSync(PAGE, 'utf8').split('### Prometheus Alertmanager')[1]?.split('\n### ')[0];
  const lines = /```yaml\n(.*?)```/s.exec(section ?? '')?.[1];
  if (lines === undefined) throw new Error(`${PAGE} has no configuration of Alertmanager any more.`);
  return Documented.parse(parse(lines));
}

type Place = {
  /** Where the bot listens. */
  origin: string;
  tokenFile: string;
  repeatInterval: string;
};

/**
 * A whole configuration with those lines in it. Only what differs from place to place is another: the bot's address, the
 * token's file, and how soon it is all said again.
 */
export function configFor({ origin, tokenFile, repeatInterval }: Place): object {
  const { receivers, route } = documentedConfig();
  const [receiver] = receivers;
  const [webhook] = receiver.webhook_configs;
  const url = origin + new URL(webhook.url).pathname;
  const authorization = { ...webhook.http_config.authorization, credentials_file: tokenFile };
  const [toDiag503] = route.routes;
  return {
    receivers: [
      { name: 'people' },
      { ...receiver, webhook_configs: [{ ...webhook, url, http_config: { authorization } }] },
    ],
    route: { ...route, receiver: 'people', routes: [{ ...toDiag503, repeat_interval: repeatInterval }] },
  };
}
