import type { NotLookedAt, Peers } from './explanation.js';
import type { RunDocument } from './verdict.js';
import { durationWords } from './words.js';

/** What Slack and the command line say alike about why, and about what nobody saw. */
export type Explained = { readonly title: string; readonly text: string };

/** "api-2 differs from its peers: release v42, not v41; start time 12 min ago, not 9 days ago". Hosts that differ alike share a line. */
export const peerLines = ({ peers = [] }: Pick<RunDocument, 'peers'>): Explained[] => {
  const groups = new Map<string, Peers[]>();
  for (const one of peers.filter(({ differs }) => differs.length > 0)) {
    const key = JSON.stringify(one.differs);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((alike) => ({
    title: `${alike.map(({ host }) => host).join(', ')} ${alike.length === 1 ? 'differs' : 'differ'} from healthy peers`,
    text: (alike[0]?.differs ?? []).map((one) => `${one.in} ${one.here}, not ${one.peers}`).join('; '),
  }));
};

/** Said because the lines quoted below show the host's own time. */
export const clockLines = ({ hosts }: Pick<RunDocument, 'hosts'>): Explained[] =>
  hosts.flatMap(({ name, clockAheadMs }) =>
    clockAheadMs === undefined
      ? []
      : [
          {
            title: `Clock of ${name}`,
            text: `${durationWords(Math.abs(clockAheadMs))} ${clockAheadMs > 0 ? 'ahead' : 'behind'}; its own log lines show that time`,
          },
        ],
  );

/** Why this cause and how sure, for below the chain. */
export const becauseLines = ({ why, verdict }: Pick<RunDocument, 'why' | 'verdict'>): Explained[] => [
  ...(why?.because == null ? [] : [{ title: 'Because', text: why.because }]),
  ...(why === undefined || why.doubts.length === 0
    ? []
    : [{ title: `Only ${verdict.confidence ?? 'a guess'}`, text: why.doubts.join('; ') }]),
];

export const contradictionLine = ({ why }: Pick<RunDocument, 'why'>): Explained[] =>
  why === undefined || why.wouldContradict.length === 0
    ? []
    : [{ title: 'Would contradict it', text: `${why.wouldContradict.join('; ')} (looked for, not seen)` }];

/** Documents that were stored before there was a `why` name their gaps check by check. */
export const notLookedAtOf = ({ why, unknown }: Pick<RunDocument, 'why' | 'unknown'>): NotLookedAt[] =>
  why?.notLookedAt ??
  unknown.map(({ target, reason }) => ({ what: `${target.name}: ${reason}`, allow: null }));
