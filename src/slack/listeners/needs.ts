import type { Inventory } from '../../model/service.js';
import type { RequestRun } from '../../queue/request-run.js';
import type { RequestRemediation } from '../../queue/request-remediation.js';
import type { MessageRef } from '../../store/messages.js';
import type { Store } from '../../store/store.js';
import type { MayAnswerIn } from '../channel-permission.js';
import type { Log } from '../log.js';
import type { ReadPerson, ReadPlace } from '../read-person.js';

/** For the buttons that change something. */
export type ChangeNeeds = {
  readonly store: {
    readonly remediations: Pick<Store['remediations'], 'get'>;
    readonly audit: Pick<Store['audit'], 'append'>;
  };
  readonly requests: RequestRemediation;
  readonly readPerson: ReadPerson;
  readonly readPlace: ReadPlace;
};

/** What listeners work with. */
export type ListenerNeeds = {
  readonly inventory: Inventory;
  readonly store: { readonly runs: Pick<Store['runs'], 'get' | 'latest'> };
  readonly requestRun: RequestRun;
  readonly mayAnswerIn: MayAnswerIn;
  /** Left out, there are no such buttons. */
  readonly changes?: ChangeNeeds;
  /** For silences. Left out, there are none. */
  readonly alerts?: {
    readonly silences: Pick<Store['silences'], 'begin' | 'end'>;
    /** Brings the changed headline to Slack; what fails is left to the sweeper. */
    readonly post: (messages: readonly MessageRef[]) => void;
  };
  readonly log: Log;
};
