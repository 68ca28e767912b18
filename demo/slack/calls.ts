import type { JsonObject } from './types.js';

export type CallRecord = {
  at: number;
  method: string;
  /** empty when a fault came before the work */
  arguments: JsonObject;
  answer: JsonObject | null;
  fault: string | null;
};
export type Calls = ReturnType<typeof createCalls>;

const MAX_RECORDS = 20_000;

/** What the bot asked of the Web API, for tests and the inspector. */
export function createCalls() {
  let records: CallRecord[] = [];
  return {
    add(call: {
      method: string;
      outcome: { arguments: JsonObject; answer: JsonObject } | null;
      fault: string | null;
    }) {
      const { method, outcome, fault } = call;
      const record = {
        at: Date.now(),
        method,
        arguments: outcome?.arguments ?? {},
        answer: outcome?.answer ?? null,
      };
      records.push({ ...record, fault });
      if (records.length > MAX_RECORDS) records.shift();
    },
    list: (method?: string) => records.filter((record) => method === undefined || record.method === method),
    clear: () => void (records = []),
  };
}
