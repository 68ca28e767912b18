import type { Inventory } from '../../model/service.js';
import type { RequestRun } from '../../queue/request-run.js';
import type { Store } from '../../store/store.js';
import type { MayAnswerIn } from '../channel-permission.js';
import type { Log } from '../log.js';

/** What listeners work with. */
export type ListenerNeeds = {
  readonly inventory: Inventory;
  readonly store: { readonly runs: Pick<Store['runs'], 'get' | 'latest'> };
  readonly requestRun: RequestRun;
  readonly mayAnswerIn: MayAnswerIn;
  readonly log: Log;
};
