import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { JOURNAL_END, JOURNAL_FORMAT, JournalLine, parseJournal } from './shell/journal-lines.js';

/**
 * Of the last half hour, what the kernel says of exhaustion, what the service manager says of units that begin, end or
 * fail, and why nginx does not start. Empty is good.
 */
const HostJournal = z.array(JournalLine);
export type HostJournal = z.infer<typeof HostJournal>;

const OF_KERNEL =
  /out of memory|oom-kill:|table full|consider tuning tcp_mem|possible SYN flooding|blocked for more than|fork rejected by pids controller|I\/O error|Remounting filesystem read-only/i;
const OF_MANAGER = /^[\w@.:\\-]+\.(?:service|socket): |^(?:Started|Finished|Stopped|Failed to start) /;
/** Logins, each of which begins and ends a manager of its own. */
const OF_LOGINS = /\b(?:user@|user-runtime-dir@)\d+\.service|\bsession-\w+\.scope/;

/** systemd's sd-messages.h: a unit that failed, is to be restarted, was started, was stopped, did not start. */
const UNIT_MESSAGES = [
  'd9b373ed55a64feb8242e02dbe79a49c',
  '5eb03494b6584870a536b337290809b3',
  '39f53479d3a045ac8e11786248231fbf',
  '9d1aaa27d60140bd96365438aad20286',
  'be02cf6855d2428ba40df7e9d022f03d',
];
/** Who cannot read its configuration does not know where its log is. Debian's nginx logs to stderr until then. */
const OF_PROXY = /^(?:nginx: |\d{4}\/\d\d\/\d\d [\d:]{8} )\[emerg\] /;
const MATCHES = `_TRANSPORT=kernel + _PID=1 ${UNIT_MESSAGES.map((id) => `MESSAGE_ID=${id}`).join(' ')} + SYSLOG_IDENTIFIER=nginx`;

export const hostJournal = defineHostProbe({
  id: 'host-journal',
  formerId: 'kernel-journal',
  fact: HostJournal,
  runs: 'beside',
  source: () => `journalctl -b --since=-30min ${MATCHES}`,
  /** Sorted out here: on a host in trouble another process costs more than some kilobytes. */
  script: () => `journalctl -b -n 500 --since=-30min ${MATCHES} ${JOURNAL_FORMAT}${JOURNAL_END}`,

  parse: (output) => parseJournal('the journal of the host', output).filter(isWanted),
});

const isWanted = ({ process, pid, message, line }: JournalLine): boolean => {
  if (process === 'systemd' && pid === 1) return OF_MANAGER.test(message) && !OF_LOGINS.test(message);
  return process === 'nginx' ? OF_PROXY.test(message) : OF_KERNEL.test(line);
};
