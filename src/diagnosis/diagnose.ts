import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostConnector, Network } from '../clients/host-connection.js';
import { workerNetwork } from '../clients/worker-network.js';
import type { Progress } from '../model/incident.js';
import type { Reading } from '../model/reading.js';
import type { Service } from '../model/service.js';
import { RUN_DOCUMENT_VERSION, type Judgement, type RunDocument } from '../model/verdict.js';
import { collect as collectReadings } from './collect.js';
import { judge } from './judge.js';
import { isWorthAnotherLook, MOST_LOOKS, mostTelling, PAUSE_MS, usersAt, type Users } from './look-again.js';
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
  /** Between two looks; ends early with the signal. */
  pauseMs?: number;
};

type Look = { readings: Reading[]; judgement: Judgement; finishedAt: number; users: Users };

/**
 * One whole run: collect, then judge; again where the first look met a moment that tells too little, within the same
 * deadline. A sick world makes unread readings, never an error.
 */
export const createDiagnose =
  ({
    connector,
    network = workerNetwork,
    secrets = [],
    collect = collectReadings,
    pauseMs = PAUSE_MS,
  }: Needs): Diagnose =>
  async (service, { runId = randomUUID(), signal, onProgress }) => {
    const startedAt = Date.now();
    const until = startedAt + service.deadlineSeconds * 1000;
    let slowestMs = 0;

    const look = async (which: number): Promise<Look> => {
      const report = (progress: Progress): void =>
        onProgress?.(which === 1 ? progress : { ...progress, look: which });
      const begunAt = Date.now();
      const { readings, hosts } = await collect(service, {
        ...{ connector, network, secrets, signal, until },
        onProgress: report,
      });
      const finishedAt = Date.now();
      slowestMs = Math.max(slowestMs, finishedAt - begunAt);
      const now = new Date(finishedAt).toISOString();
      return {
        ...{ readings, finishedAt, users: usersAt(service, readings) },
        judgement: judge({ service, readings, hosts, now }),
      };
    };

    const first = await look(1);
    const looks: [Look, ...Look[]] = [first];
    /** One that is cut short at the deadline tells less. */
    const isTimeFor = (): boolean => Date.now() + pauseMs + slowestMs <= until;
    const isOpen = ({ readings, judgement }: Look): boolean =>
      isWorthAnotherLook(service, readings, judgement);
    while (looks.length < MOST_LOOKS && isOpen(looks.at(-1) ?? first) && isTimeFor()) {
      if (!(await pause(pauseMs, signal))) break;
      looks.push(await look(looks.length + 1));
    }

    const { readings, judgement, finishedAt } = mostTelling(looks);
    const run = {
      id: runId,
      startedAt: new Date(startedAt).toISOString(),
      durationMs: Date.now() - startedAt,
      rulesVersion: RULES_VERSION,
      ...(looks.length === 1 ? {} : { looks: looks.length, judgedAt: new Date(finishedAt).toISOString() }),
    };
    return {
      document: { version: RUN_DOCUMENT_VERSION, service: service.name, run, ...judgement },
      readings,
    };
  };

/** False where the run was called off meanwhile. */
const pause = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
};
