import type { Response } from 'express';
import type { Misfortune } from './faults.js';

/** Carries out on the connection what the faults chose. */
export function sufferMisfortune(response: Response, misfortune: Misfortune): void {
  switch (misfortune.kind) {
    case 'answer':
      response.status(misfortune.status).set(misfortune.headers).send(misfortune.body);
      return;
    case 'drop':
    case 'accept-then-drop':
      response.socket?.destroy();
      return;
    case 'hang':
      return; // until the caller gives up or the local Slack closes
  }
}
