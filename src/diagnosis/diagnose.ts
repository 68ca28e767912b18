import { randomUUID } from 'node:crypto';
import type { HostConnector, Network } from '../clients/host-connection.js';
import { workerNetwork } from '../clients/worker-network.js';
import type { Progress } from '../model/incident.js';
import type { Reading } from '../model/reading.js';
import type { Service } from '../model/service.js';
import { RUN_DOCUMENT_VERSION, type RunDocument } from '../model/verdict.js';
import { collect as collectReadings } from './collect.js';
import { judge } from './judge.js';
import { RULES_VERSION } from './rules-version.js';

export type Diagnose = (
  service: Service,
  options: { runId?: string; signal: AbortSignal; onProgress?: (progress: Progress) => void },
) => Promise<{ document: RunDocument; readings: Reading[] }>;

type Needs = {
  connector: HostConnector;
  network?: Network;
  /** Values of the inventory that came from the environment: cut out of everything that is read. */
  secrets?: readonly string[] | undefined;
  collect?: typeof collectReadings;
};

/** One whole run: collect, then judge. A sick world makes unread readings, never an error. */
export const createDiagnose =
  ({ connector, network = workerNetwork, secrets = [], collect = collectReadings }: Needs): Diagnose =>
  async (service, { runId = randomUUID(), signal, onProgress }) => {
    const startedAt = new Date();
    const { readings, hosts } = await collect(service, {
      connector,
      network,
      secrets,
      signal,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    const finishedAt = new Date();
    const judgement = judge({ service, readings, hosts, now: finishedAt.toISOString() });
    const run = {
      id: runId,
      startedAt: startedAt.toISOString(),
      durationMs: finishedAt.getTime() - startedAt.getTime(),
      rulesVersion: RULES_VERSION,
    };
    return {
      document: { version: RUN_DOCUMENT_VERSION, service: service.name, run, ...judgement },
      readings,
    };
  };
