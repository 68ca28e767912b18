import type { Reading } from '../model/reading.js';
import type { HostProbe } from '../probes/define-probe.js';
import type { CollectContext } from './collect-context.js';
import type { Frame } from './frames.js';
import { readingOf, reasonOf, unread, type ReadingHead } from './read-fact.js';

export const timeoutSecondsOf = ({ timeoutSeconds }: HostProbe): number => timeoutSeconds ?? 3;

export const NO_TIMEOUT = 'it has no `timeout` (coreutils or busybox), which would have ended it';

/** `timeout` ends a command with 124, or with 137 when it had to kill; 127 is the shell's "not found". */
export const frameReading = (
  probe: HostProbe,
  head: ReadingHead,
  frame: Frame,
  /** Of all snippets of the host together. */
  stderr: string,
  { redactor, service }: CollectContext,
): Reading => {
  const exitCode = exitCodeOf(frame);
  if (exitCode === null)
    return unread(head, 'malformed', 'the host did not say how the command ended', redactor);
  if (exitCode === 124 || exitCode === 137) {
    const seconds = timeoutSecondsOf(probe);
    return unread(head, 'timeout', `ended on ${head.via} after ${seconds} s without an answer`, redactor);
  }
  if (exitCode === 127) return unread(head, 'not-installed', missingCommand(head, stderr), redactor);
  try {
    return readingOf(head, probe.fact, probe.parse({ stdout: frame.body, exitCode }, service), redactor);
  } catch (error) {
    const { reason, detail } = reasonOf(error);
    return unread(head, reason, exitCode === 0 ? detail : `${detail} (exit ${exitCode})`, redactor);
  }
};

/** Where we cut the output, the snippet died of the closed pipe (SIGPIPE): that is no failure of its own. */
const exitCodeOf = ({ truncated, exitCode }: Frame): number | null =>
  truncated && (exitCode === null || exitCode === 141) ? 0 : exitCode;

/** A complaint is short; the host may send what it likes. */
const MAX_COMPLAINT = 300;

/** The shell puts the probe's id in front of its own complaints: `@listen-sockets: 1: ss: not found`. */
const missingCommand = ({ probe, via }: ReadingHead, stderr: string): string => {
  const line = stderr
    .split('\n')
    .find((text) => text.startsWith(`@${probe}: `) && text.includes('not found'));
  const command = /(\S+): (?:command )?not found/.exec(line?.slice(0, MAX_COMPLAINT) ?? '')?.[1];
  return `${command ?? 'the command'} is not installed on ${via}, or not in its PATH`;
};
