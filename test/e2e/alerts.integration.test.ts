import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../demo/slack/types.js';
import type { AlertIntake } from '../../src/model/alert.js';
import { createAlertIntake } from '../../src/queue/alert-intake.js';
import { openQueues } from '../../src/queue/queues.js';
import { openDatabase } from '../../src/store/database.js';
import { createStore, type Store } from '../../src/store/store.js';
import { ROOT } from '../cli/spawn-cli.js';
import { alert, delivery } from '../helpers/alert.js';
import { inventoryOf, service } from '../helpers/service.js';
import { until } from '../helpers/until.js';
import { ANA, type Bench, BEN, CHANNEL, openBench, service as entry } from './bench.js';

const SERVICES = ['shop', 'mail', 'web'];

/** The product as a user starts it; alerts come in by the port behind its HTTP routes. */
describe('an alert', () => {
  let bench: Bench;
  let store: Store;
  let intake: AlertIntake;
  let close: () => Promise<void>;

  beforeAll(async () => {
    bench = await openBench({
      inventory: (shop) =>
        `services:\n${SERVICES.map((name) => `${entry(name, shop)}\n    channel: ${CHANNEL}`).join('\n')}\n`,
      env: { OPS_CHANNEL: CHANNEL },
    });
    await bench.startListening('start');
    const database = openDatabase(bench.databaseUrl);
    const queues = openQueues({ databaseUrl: bench.databaseUrl });
    store = createStore(database);
    const inventory = inventoryOf(...SERVICES.map((name) => service(name, { channel: CHANNEL })));
    intake = createAlertIntake({ store, queues, inventory, settings: { lookAgainMinutes: 15 } });
    close = async () => {
      await queues.close();
      await database.close();
    };
  });
  afterAll(async () => {
    await close();
    await bench.close();
  });

  const headline = (about: string): Pick<Message, 'text' | 'ts' | 'blocks'> =>
    bench.headlines(`*${about}*`)[0] ?? { text: '', ts: '', blocks: [] };
  const says = (about: string, words: string, ms = 20_000) =>
    until(`${about} says ${words}`, () => headline(about).text.includes(words), ms);
  const pick = (ts: string, value: string, user = ANA) =>
    bench.slack.control.press({ user, channel: CHANNEL, ts, actionId: 'more-actions', value });
  const options = (message: Pick<Message, 'blocks'>): string[] =>
    [...JSON.stringify(message.blocks).matchAll(/"value":"([a-z0-9-]+ [0-9a-f-]{36})"/g)].map(
      ([, value]) => value!,
    );
  const cli = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), path.join(ROOT, 'src/cli/main.ts'), ...args],
      { env: { ...process.env, DATABASE_URL: bench.databaseUrl } },
    );
    return stdout;
  };

  it('has its verdict in the thread, and nobody asked', async () => {
    const [accepted] = (await intake(delivery('shop'))).alerts;
    expect(accepted).toMatchObject({ newRun: true, because: 'first alert of the episode' });
    await bench.untilVerdicts(1, '*shop*');
    expect(headline('shop').text).toBe(
      '*shop* answers 503: dependency failing (confirmed), said by the app, ' +
        `${/[\d.]+ m?s/.exec(headline('shop').text)![0]}, asked by alert HighErrorRate (alertmanager), 1 alert firing`,
    );
  });

  it('is counted when it comes again, and nothing else', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => intake(delivery('shop', [{ fingerprint: `f${index}` }]))),
    );
    await says('shop', '40 alerts firing (41 notices)');
    expect(bench.headlines()).toHaveLength(1);
    expect(bench.cards()).toHaveLength(1);
  });

  it('shares the thread with a person who asks', async () => {
    await bench.command('shop', BEN);
    await bench.untilVerdicts(2, '*shop*');
    expect(bench.headlines()).toHaveLength(1);
    await says('shop', 'asked by <@U0BEN>, 40 alerts firing (41 notices)');
  });

  it('is silenced from the headline, and the command line knows', async () => {
    const [hour] = options(headline('shop'));
    expect(hour).toMatch(/^silence-1h /);
    await pick(headline('shop').ts, hour!);
    await says('shop', 'silenced by <@U0ANA> until');
    expect(await cli('silences')).toMatch(
      /^1 silence\nshop: silenced by U0ANA since .*ends early above warning/,
    );
    const [end, ...others] = options(headline('shop'));
    expect(others).toEqual([]);
    await pick(headline('shop').ts, end!, BEN);
    await until('the silence is over', () => !headline('shop').text.includes('silenced'));
    const events = (await store.audit.after(0)).map(({ event, actor }) => `${event} ${actor}`);
    expect(events).toEqual(expect.arrayContaining(['silenced U0ANA', 'silence-ended U0BEN']));
  });

  it('says how it ended, and that the service is not well all the same', async () => {
    const resolved = Array.from({ length: 40 }, (_, index) => ({
      ...{ status: 'resolved' as const, fingerprint: `f${index}` },
    }));
    await intake(delivery('shop', resolved));
    await says('shop', 'resolved after');
    await says('shop', 'ended by itself');
    await says('shop', 'but it is not well: answers 503');
    expect(bench.cards('*shop*')).toHaveLength(3);
  });

  it('ends healthy when the service is well again, without another card', async () => {
    await intake(delivery('mail'));
    await bench.untilVerdicts(1, '*mail*');
    await bench.shop.heal();
    await intake(delivery('mail', [{ status: 'resolved' }]));
    await says('mail', 'ended by itself, healthy now, 1 alert');
    expect(bench.cards('*mail*')).toHaveLength(1);
    expect(await store.incidents.openOf('mail')).toBeNull();
  });

  it('goes on in the same thread when it fires again', async () => {
    await intake(delivery('mail', [{ startsAt: new Date().toISOString() }]));
    await says('mail', 'fired again 1 time');
    expect(bench.headlines('*mail*')).toHaveLength(1);
  });

  it('that matches nothing is listed, and told once', async () => {
    await intake({
      ...delivery('shop', []),
      unmatched: [alert({ title: 'Orphan \u001b[2J', labels: { team: 'x' } })],
    });
    expect(await cli('alerts', 'unmatched')).toMatch(/alertmanager: Orphan .*1 time.*team="x"/);
    await until('the channel is told', () => bench.headlines('matched no service').length === 1, 30_000);
  });
});
