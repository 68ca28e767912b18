import { describe, expect, it } from 'vitest';
import type { HostConnector } from '../../src/clients/host-connection.js';
import { createDiagnose } from '../../src/diagnosis/diagnose.js';
import { RULES_VERSION } from '../../src/diagnosis/rules-version.js';
import { RunDocument } from '../../src/model/verdict.js';
import { serviceOf } from './situation.js';

const nobody: HostConnector = {
  connect: () => Promise.reject(new Error('not in a test')),
  closeAll: () => Promise.resolve(),
};

describe('createDiagnose', () => {
  it('makes a document of its version of a run in which nothing could be read', async () => {
    const diagnose = createDiagnose({
      connector: nobody,
      collect: (service, { onProgress }) => {
        onProgress?.({ hosts: 2, done: 0, total: 0 });
        const hosts = service.hosts.map((name) => ({ name, reached: false, reason: 'connection refused' }));
        return Promise.resolve({ readings: [], hosts });
      },
    });
    const seen: unknown[] = [];
    const { document, readings } = await diagnose(serviceOf({}), {
      runId: 'run-1',
      signal: AbortSignal.timeout(1000),
      onProgress: (progress) => seen.push(progress),
    });
    expect(RunDocument.parse(document)).toMatchObject({
      version: 1,
      service: 'api-prod',
      run: { id: 'run-1', rulesVersion: RULES_VERSION },
      verdict: { status: 'unreachable', summary: '0 of 2 hosts reached; api-1, api-2: connection refused' },
    });
    expect(document.run.durationMs).toBeGreaterThanOrEqual(0);
    expect(readings).toEqual([]);
    expect(seen).toHaveLength(1);
  });
});
