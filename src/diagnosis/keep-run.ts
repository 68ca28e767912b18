import type { Reading } from '../model/reading.js';
import type { Service } from '../model/service.js';
import { STORED_RUN_VERSION, type StoredRun } from '../model/stored-run.js';
import type { RunDocument } from '../model/verdict.js';
import { createRedactor, secretsOf } from './redact.js';

type Kept = {
  service: Service;
  document: RunDocument;
  /** As `diagnose` answers them: redacted where they were read. */
  readings: readonly Reading[];
  secrets?: readonly string[] | undefined;
};

/** What is kept of a run in order to judge it again. The entry of the inventory loses its secrets here. */
export const keepRun = ({ service, document, readings, secrets = [] }: Kept): StoredRun => {
  const { id, startedAt, durationMs, judgedAt } = document.run;
  const redactor = createRedactor([...secrets, ...secretsOf(service)]);
  return {
    version: STORED_RUN_VERSION,
    service: redactor.deep(withoutPasswords(service)) as Service, // the reader of the file parses it
    now: judgedAt ?? new Date(Date.parse(startedAt) + durationMs).toISOString(),
    run: { id, startedAt },
    hosts: document.hosts,
    readings: [...readings],
  };
};

/** In every URL wherever it stands: a password that is a common word is one that redaction lets pass. */
const withoutPasswords = (value: unknown): unknown => {
  if (typeof value === 'string') return withoutPassword(value);
  if (Array.isArray(value)) return value.map(withoutPasswords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutPasswords(item)]));
};

const withoutPassword = (text: string): string => {
  if (!text.includes('://') || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === '') return text;
  url.password = '';
  return url.href;
};
