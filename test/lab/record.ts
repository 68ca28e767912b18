import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findService } from '../../src/cli/find-service.js';
import { openConnector } from '../../src/cli/open-connector.js';
import { readConfig } from '../../src/config/read-config.js';
import { createDiagnose } from '../../src/diagnosis/diagnose.js';
import { unitJournal } from '../../src/probes/unit-journal.js';

/** Runs one diagnosis where the hosts are and keeps what it read, as test/scenarios wants it: SERVICE INVENTORY FOLDER. */
const [name = '', inventoryPath = '', folder = ''] = process.argv.slice(2);
const { env, inventory } = readConfig(process.env, 'run', inventoryPath);
const service = findService(inventory, name);
const connector = openConnector(inventory, env);
const diagnose = createDiagnose({ connector, secrets: inventory.secrets });
const { document, readings: all } = await diagnose(service, { signal: AbortSignal.timeout(60_000) });
await connector.closeAll();

/** A journal's newest lines are what checks look at; a recording is to be read by people, too. */
const JOURNAL_LINES = 60;
const readings = all.map((reading) => {
  if (reading.status !== 'read' || reading.probe !== unitJournal.id) return reading;
  const { unit, lines } = unitJournal.fact.parse(reading.fact);
  return { ...reading, fact: { unit, lines: lines.slice(-JOURNAL_LINES) } };
});

const { startedAt, durationMs } = document.run;
const now = new Date(Date.parse(startedAt) + durationMs).toISOString();
const secrets = inventory.secrets ?? [];
const redacted = (value: unknown): string =>
  secrets.reduce((text, secret) => text.replaceAll(secret, 'REDACTED'), JSON.stringify(value));
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, 'service.json'), `${redacted(withoutPasswords(service))}\n`);
writeFileSync(
  path.join(folder, 'readings.json'),
  `{"now":"${now}","hosts":${redacted(document.hosts)},"readings":[\n${readings.map(redacted).join(',\n')}\n]}\n`,
);

function withoutPasswords<Value extends { database?: { url: string } | undefined }>(value: Value): Value {
  if (value.database === undefined) return value;
  const url = new URL(value.database.url);
  url.password = '';
  return { ...value, database: { ...value.database, url: url.href } };
}
