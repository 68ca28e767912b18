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
  if (exitCode === 127)
    return unread(head, 'not-installed', missingCommand(head, stderr, probe.script(service)), redactor);
  const forkless = exitCode === 0 ? null : noMoreProcesses(stderr);
  if (forkless !== null) return unread(head, 'denied', `${head.via} ${forkless}`, redactor);
  try {
    return readingOf(head, probe.fact, probe.parse({ stdout: frame.body, exitCode }, service), redactor);
  } catch (error) {
    const { reason, detail } = reasonOf(error);
    return unread(head, reason, exitCode === 0 ? detail : `${detail} (exit ${exitCode})`, redactor);
  }
};

const FORK_REFUSED = /\bfork\b|cannot allocate memory/i;

/** In words, where a shell or a program complains that it may start no process; else null. */
export const noMoreProcesses = (said: string): string | null => {
  const line = said.split('\n').find((text) => FORK_REFUSED.test(text.slice(0, MAX_COMPLAINT)));
  if (line === undefined) return null;
  const words = line.trim().slice(0, MAX_COMPLAINT);
  return `starts no further process for this login (${words}): its limit of tasks (ulimit -u, TasksMax) or the memory is used up`;
};

/** Where we cut the output, the snippet died of the closed pipe (SIGPIPE): that is no failure of its own. */
const exitCodeOf = ({ truncated, exitCode }: Frame): number | null =>
  truncated && (exitCode === null || exitCode === 141) ? 0 : exitCode;

/** A complaint is short; the host may send what it likes. */
const MAX_COMPLAINT = 300;

/** `sh: 12: ss: not found`, of whichever snippet: the first of them that this one would run. */
const missingCommand = ({ via }: ReadingHead, stderr: string, script: string): string => {
  const words = new Set(script.split(/[^\w.-]+/));
  const missing = stderr.split('\n').map((line) => MISSING.exec(line.slice(0, MAX_COMPLAINT))?.[1] ?? '');
  const command = missing.find((name) => words.has(name.slice(name.lastIndexOf('/') + 1)));
  return `${command ?? 'a command'} is not installed on ${via}, or not in its PATH`;
};

const MISSING = /(\S+): (?:command )?not found/;
