import { randomUUID } from 'node:crypto';

export type Triggers = ReturnType<typeof createTriggers>;

/** Slack's trigger ids: good for one view, for 3 s. */
export function createTriggers({ lifetimeMs }: { lifetimeMs: number }) {
  const issued = new Map<string, { user: string; expires: number; isUsed: boolean }>();
  return {
    issue(user: string): string {
      const id = `${Date.now()}.${randomUUID()}`;
      issued.set(id, { user, expires: Date.now() + lifetimeMs, isUsed: false });
      return id;
    },
    /** The user behind the trigger, or Slack's word for what is wrong with it. */
    redeem(id: string): { user: string } | { error: string } {
      const trigger = issued.get(id);
      if (!trigger) return { error: 'invalid_trigger_id' };
      if (Date.now() > trigger.expires) return { error: 'expired_trigger_id' };
      if (trigger.isUsed) return { error: 'exchanged_trigger_id' };
      trigger.isUsed = true;
      return { user: trigger.user };
    },
    clear: () => issued.clear(),
  };
}
