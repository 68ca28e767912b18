import type { UnitState } from '../../probes/unit-state.js';

/** Exit statuses that systemd itself sets before the program runs (systemd.exec(5), "Process Exit Codes"). */
const BY_SYSTEMD: Record<number, string> = {
  200: 'its working directory could not be entered',
  203: 'its program could not be run',
  205: 'its resource limits could not be set',
  208: 'its standard input could not be set up',
  209: 'its standard output could not be set up',
  216: 'its group does not exist',
  217: 'its user does not exist',
  224: 'its PAM session could not be opened',
  226: 'its mount namespace could not be set up',
  228: 'its system call filter could not be set',
  233: 'its runtime directory could not be set up',
  238: 'its state directory could not be set up',
  239: 'its cache directory could not be set up',
  240: 'its log directory could not be set up',
  241: 'its configuration directory could not be set up',
  243: 'its credentials could not be set up',
};
const SIGNALS: Record<number, string> = { 6: 'SIGABRT', 9: 'SIGKILL', 11: 'SIGSEGV', 15: 'SIGTERM' };

/** How the unit's last run ended: "exit status 3", "signal 9 (SIGKILL)", "the start took too long". */
export function describeEnd({ result, execMainCode, execMainStatus }: UnitState): string {
  switch (result) {
    case 'timeout':
      return 'it took too long to start or stop';
    case 'watchdog':
      return 'its watchdog was not fed in time';
    case 'oom-kill':
      return 'the kernel killed it for want of memory';
    case 'resources':
      return 'systemd could not prepare its start';
    case 'protocol':
      return 'it did not report its start as its type demands';
    default:
      return execMainCode === 2 || execMainCode === 3 ? bySignal(execMainStatus) : byStatus(execMainStatus);
  }
}

function bySignal(signal: number): string {
  const name = SIGNALS[signal];
  return name === undefined ? `signal ${signal}` : `signal ${signal} (${name})`;
}

function byStatus(status: number): string {
  const reason = BY_SYSTEMD[status];
  return reason === undefined ? `exit status ${status}` : `exit status ${status}: ${reason}`;
}
