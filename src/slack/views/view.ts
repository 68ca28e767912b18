import type { KnownBlock } from '@slack/types';

/** What Slack is given to show: `text` is for notifications, screen readers and clients without blocks. */
export type View = { readonly text: string; readonly blocks: KnownBlock[] };
