import type { HostConnector, Network } from '../src/clients/host-connection.js';
import type { Logger } from '../src/logger.js';
import type { Inventory } from '../src/model/service.js';
import type { Queues } from '../src/queue/queues.js';
import type { RemediateDigest } from '../src/queue/remediate-digest.js';
import type { MessageRef } from '../src/store/messages.js';
import type { Store } from '../src/store/store.js';

/** What makes a change, looks into it and verifies it works with. */
export type RemediateNeeds = {
  store: Store;
  queues: Queues;
  inventory: Inventory;
  connector: HostConnector;
  network: Network;
  digest: RemediateDigest;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** For tests. */
  ledgerFolder?: string;
};

export async function post(
  { queues }: Pick<RemediateNeeds, 'queues'>,
  messages: readonly MessageRef[],
): Promise<void> {
  for (const message of messages) await queues.enqueuePost(message);
}
