import { describe, expect, it } from 'vitest';
import type { HostConnector } from '../../src/clients/host-connection.js';
import { createDiagnose } from '../../src/diagnosis/diagnose.js';
import { RULES_VERSION } from '../../src/diagnosis/rules-version.js';
import type { Progress } from '../../src/model/incident.js';
import { RunDocument } from '../../src/model/verdict.js';
import { keepRun } from '../../src/diagnosis/keep-run.js';
import { answer, reachOf, readingsOf, serviceOf, type Situation } from './situation.js';

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

  describe('of trouble that comes and goes', () => {
    const behind = (status: number): Situation => ({
      ...{ behind: 'haproxy', hosts: ['api-1'], app: answer(200) },
      public: [answer(status), answer(200), answer(200)],
    });
    const lookingAt = async (statuses: readonly number[], signal = AbortSignal.timeout(5000)) => {
      const deadlines: number[] = [];
      const seen: (number | undefined)[] = [];
      const diagnose = createDiagnose({
        connector: nobody,
        pauseMs: 5,
        collect: (service, { onProgress }) => {
          onProgress?.({ hosts: 1, done: 0, total: 4 });
          const status = statuses[deadlines.length] ?? 200;
          deadlines.push(service.deadlineSeconds);
          return Promise.resolve({ readings: readingsOf(behind(status)), hosts: reachOf(behind(status)) });
        },
      });
      const service = serviceOf(behind(200));
      const onProgress = ({ look }: Progress): void => void seen.push(look);
      return { service, deadlines, seen, ...(await diagnose(service, { signal, onProgress })) };
    };

    it('looks again, within the same deadline, and tells of the look that told most', async () => {
      const { service, deadlines, document, readings } = await lookingAt([503, 200]);
      expect(document.verdict.status).toBe('inconclusive');
      expect(document.run.looks).toBe(2);
      expect(readings).toEqual(readingsOf(behind(503)));
      expect(Math.max(...deadlines)).toBeLessThanOrEqual(service.deadlineSeconds);
      const { startedAt, durationMs, judgedAt = '' } = RunDocument.parse(document).run;
      expect(Date.parse(judgedAt)).toBeLessThan(Date.parse(startedAt) + durationMs);
      const kept = keepRun({ service, document, readings });
      expect(kept.now).toBe(judgedAt);
    });

    it('gives up after the third look', async () => {
      const { deadlines, seen, document } = await lookingAt([503, 503, 503, 503]);
      expect(deadlines).toHaveLength(3);
      expect(document.run.looks).toBe(3);
      expect(seen).toEqual([undefined, 2, 3]);
    });

    it('looks once where all is well', async () => {
      const { deadlines, document } = await lookingAt([200]);
      expect(deadlines).toHaveLength(1);
      expect(document.run).not.toHaveProperty('looks');
    });

    it('ends with what it has when it is called off in between', async () => {
      const { deadlines, document } = await lookingAt([503], AbortSignal.abort(new Error('stopped')));
      expect(deadlines).toHaveLength(1);
      expect(document.verdict.status).toBe('inconclusive');
    });
  });
});
