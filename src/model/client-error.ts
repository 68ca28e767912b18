import type { UnreadReason } from './reading.js';

/** What a client or probe throws: `message` says what, where and what to try. */
export class ClientError extends Error {
  readonly code: UnreadReason;
  constructor(code: UnreadReason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ClientError';
    this.code = code;
  }
}

/** The host itself could not be logged in to: whatever its cause looks like, it says nothing about what lies behind. */
export class HostUnreached extends ClientError {}
