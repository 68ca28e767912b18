/** Ids that a view writes and a listener hears: typed once. */
export const actionIds = {
  runAgain: 'run-again',
  remediate: 'remediate',
  approve: 'approve-remediation',
  deny: 'deny-remediation',
  keepDrained: 'keep-drained',
  /** Options of the headline's menu; their value is the incident. */
  silence: { '1h': 'silence-1h', '4h': 'silence-4h', resolved: 'silence-resolved' },
  endSilence: 'end-silence',
  pickService: 'pick-service',
  /** The overflow menu of a verdict card; its options carry `<action id> <value>`. */
  more: 'more-actions',
} as const;

export const blockIds = { picker: 'picker', actions: 'actions' } as const;

/** How our messages carry their id, so that a post which may have arrived is found before it is made again. */
export const MESSAGE_EVENT_TYPE = 'diag503_message';
