import type { Service } from '../../model/service.js';
import type { Facts } from '../../probes/index.js';
import type { Observed, Quote } from '../define-check.js';

type Seen = {
  readonly proxy: Observed<Facts['proxyLog']> | undefined;
  readonly journal: Observed<Facts['hostJournal']> | undefined;
};

export type AbsentListener = {
  readonly who: string;
  /** Something that should listen there does not run. */
  readonly isStopped: boolean;
  /** "; nginx: [emerg] …", or nothing. */
  readonly reason: string;
  readonly quotes: readonly Quote[];
};

const SHOWN_CHARS = 200;

/** Who should listen where the balancer asks, and nobody does. Whether nginx runs tells one that is down from one that listens on another port. */
export const absentListener = ({ proxy: configured }: Service, { proxy, journal }: Seen): AbsentListener => {
  if (configured === undefined) return { who: 'nothing listens', isStopped: false, reason: '', quotes: [] };
  if ((proxy?.fact.processes ?? 0) > 0)
    return { who: 'the proxy runs, and does not listen', isStopped: false, reason: '', quotes: [] };
  const down = { who: 'the proxy does not listen', isStopped: true };
  const said = journal === undefined ? undefined : lastWord(journal.fact);
  if (journal === undefined || said === undefined) return { ...down, reason: '', quotes: [] };
  const reason = `; ${said.message.slice(0, SHOWN_CHARS)}`;
  return { ...down, reason, quotes: [{ from: journal, excerpt: said.line }] };
};

/** Ends what it says of each address that it cannot have. */
const SUMMING_UP = 'still could not bind()';

/** Before systemd 250 by the description alone: Debian's, nginx.org's and Red Hat's. */
const STARTED_OR_STOPPED = /^(?:Started|Stopped) (?:.*\bnginx\b|A high performance web server)/;

/** Of its last start: who was started or stopped since ended for another reason. */
const lastWord = (journal: Facts['hostJournal']): Facts['hostJournal'][number] | undefined => {
  const place = journal.findLastIndex(
    ({ process, message }) => process === 'nginx' && !message.includes(SUMMING_UP),
  );
  const isOver = journal.slice(place).some(({ message }) => STARTED_OR_STOPPED.test(message));
  return place === -1 || isOver ? undefined : journal[place];
};
