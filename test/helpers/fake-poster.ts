import type { Poster } from '../../src/slack/poster.js';
import type { Store } from '../../src/store/store.js';

export type Post = { id: string; kind: string; revision: number };

/** Our own seam in Slack's place: takes the lease as the real one does and hands each post to `send`. */
export const fakePoster = ({ messages }: Store, send: (post: Post) => void): Poster => ({
  async post(messageId) {
    const claim = await messages.claim(messageId, 5_000);
    if (claim.kind === 'nothing') return { done: true };
    if (claim.kind === 'busy') return { done: false, retryAfterMs: claim.retryAfterMs, reason: 'busy' };
    const { id, kind, revision } = claim.message;
    send({ id, kind, revision });
    await messages.markPosted(id, { revision, channel: 'C0OPS', ts: '1.1' });
    return { done: true };
  },
});
