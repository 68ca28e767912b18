/** Ids that a view writes and a listener hears: typed once. */
export const actionIds = {
  runAgain: 'run-again',
  remediate: 'remediate',
  approve: 'approve-remediation',
  deny: 'deny-remediation',
  keepDrained: 'keep-drained',
  breakGlass: 'break-glass',
  /** Options of the headline's menu; their value is the incident. */
  silence: { '1h': 'silence-1h', '4h': 'silence-4h', resolved: 'silence-resolved' },
  endSilence: 'end-silence',
  pickService: 'pick-service',
  /** The overflow menu of a verdict card; its options carry `<action id> <value>`. */
  more: 'more-actions',
} as const;

/** Slack refuses two buttons of one id in one row: from the second on they carry their number. */
export const numberedId = (actionId: string, before: readonly string[]): string => {
  const same = before.filter((each) => each === actionId).length;
  return same === 0 ? actionId : `${actionId}-${same + 1}`;
};
export const unnumbered = (actionId: string): string => actionId.replace(/-\d$/, '');
export const anyNumberOf = (actionId: string): RegExp => new RegExp(`^${actionId}(-\\d)?$`);

export const blockIds = { picker: 'picker', actions: 'actions', reason: 'reason' } as const;

/** Dialogs with a form. */
export const viewIds = { breakGlass: 'break-glass-form' } as const;

/** How our messages carry their id, so that a post which may have arrived is found before it is made again. */
export const MESSAGE_EVENT_TYPE = 'diag503_message';
