/** Slack's limits (docs.slack.dev, Block Kit reference), and ours below them. Lengths are UTF-16 code units of the text sent. */
export const SLACK_LIMITS = {
  blocks: 50,
  sectionText: 3000,
  headerText: 150,
  contextElements: 10,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  actionId: 255,
  overflowOptions: 5,
  optionText: 75,
  optionValue: 150,
  selectOptions: 100,
  optionGroups: 100,
  viewTitle: 24,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** Undocumented: messages above about 13,000 characters of blocks answer `msg_blocks_too_long` (slackapi/bolt-js#2509). */
  blocksJson: 13_000,
  /** Slack advises 4,000 for `text` and cuts at 40,000. */
  messageText: 4000,
} as const;

/** What we allow ourselves. The verdict card gives its evidence what the rest leaves of `blocksJson`. */
export const OURS = {
  blocksJson: 12_000,
  name: 80,
  summary: 500,
  link: 180,
  links: 8,
  question: 120,
  note: 140,
  ruledOut: 8,
  because: 100,
  ruledOutBecause: 60,
  /** Of `because`, doubts and what would contradict. */
  why: 260,
  considered: 2,
  peers: 2,
  difference: 260,
  notLookedAt: 3,
  what: 180,
  allow: 160,
  evidence: 6,
  excerpt: 2800,
  source: 160,
  buttons: 3,
  /** The best of what may be changed; the third button runs again. */
  offers: 2,
  planLines: 12,
  planLine: 200,
  outcome: 900,
  figure: 60,
  text: 300,
  plainText: 3800,
  listed: 60,
} as const;
