import type { HostConnection, Network } from '../clients/host-connection.js';
import type { Service } from '../model/service.js';
import type { Redactor } from './redact.js';

/** What the readings of one run share. */
export type CollectContext = {
  service: Service;
  /** Ends with the run's deadline or the caller's signal; its reason is a ClientError that says which. */
  signal: AbortSignal;
  /** One connection per host and run, asked for once. */
  connect: (host: string) => Promise<HostConnection>;
  /** After a loss: a new one. */
  reconnect: (host: string) => Promise<HostConnection>;
  worker: Network;
  redactor: Redactor;
  onRead: () => void;
};
