import type { AlertSettings } from '../config/alert-settings.js';
import type { Alert, AlertSource } from '../model/alert.js';

/** The one value of a header; null where it is missing, and where it came twice and says two things. */
export type Header = (name: string) => string | null;

/** What came in. `json` parses the body within our limits when it is first asked for; it throws an UnreadableBody. */
export type RawDelivery = { header: Header; body: Buffer; json: () => unknown };

export type Proof =
  | {
      genuine: true;
      /** The same for the same delivery sent twice, as far as the proof knows; null: what `read` says is it. */
      key: string | null;
    }
  | {
      genuine: false;
      because: string;
      /** It could not be looked at (a certificate that cannot be fetched): the sender should try again. */
      undecided?: true;
    };

export type AlertReading = {
  /** None: genuine, but no alert begins or ends by it. */
  alerts: Alert[];
  /** The provider's own id of this delivery. */
  key?: string;
  /** Why there is none, or what else came. */
  note?: string;
  /** An address of the provider, looked at by us: whoever opens it confirms the subscription. */
  confirm?: string;
};

/** How one source tells its sender from everybody else, with the secrets that the operator gave. */
export type Gate = {
  /** Why a delivery is refused before its body is read; null: read it. */
  refuses(header: Header): string | null;
  /** Throws a ZodError or an UnreadableBody where the proof is in the body, and that is none of this source. */
  prove(delivery: RawDelivery): Proof | Promise<Proof>;
  /** The operator wants `confirm` to be opened by the bot. */
  confirms?: boolean;
};

/** What a gate cannot know by itself. */
export type World = {
  now(): number;
  /** The PEM text at an address of a provider; rejects when it cannot be fetched. */
  fetchCertificate(url: string): Promise<string>;
  /** Opens an address of a provider, to confirm a subscription. */
  open(url: string): Promise<void>;
};

/** One monitoring system: how it proves itself, what it sends, and what that means in our words. */
export type AlertSourceKind = {
  readonly id: AlertSource;
  readonly title: string;
  readonly contentTypes: readonly string[];
  /** What a forgery is answered. 403 where the provider would send the same again after a 401. */
  readonly refusedWith: 401 | 403;
  /** Throws a ZodError where the payload is none of this source. */
  read(payload: unknown, world: Pick<World, 'now'>): AlertReading;
  /** Null: not switched on. */
  open(settings: AlertSettings, world: World): Gate | null;
};

export const defineSource = <Own>({
  settings: ownOf,
  gate,
  ...kind
}: Omit<AlertSourceKind, 'open'> & {
  settings: (all: AlertSettings) => Own | undefined;
  gate: (own: Own, world: World) => Gate;
}): AlertSourceKind => ({
  ...kind,
  open(all, world) {
    const own = ownOf(all);
    return own === undefined ? null : gate(own, world);
  },
});
