import { UnrecoverableError } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { DiagnosePayload, parsePayload } from '../../src/queue/payloads.js';

const runId = '3f0c9d52-8a41-4f6e-9d7c-2b1e5a6f7c80';

describe('a payload', () => {
  it('is an id', () => {
    expect(parsePayload(DiagnosePayload, { runId })).toEqual({ runId });
  });

  it.each([null, {}, { runId: 'x; id' }, { runId, command: 'rm' }])('is nothing else: %j', (data) => {
    expect(() => parsePayload(DiagnosePayload, data)).toThrow(UnrecoverableError);
  });
});
