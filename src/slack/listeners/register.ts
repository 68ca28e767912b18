import type { App } from '@slack/bolt';
import { registerBreakGlass } from './break-glass.js';
import { registerCommand } from './command.js';
import { registerMore } from './more.js';
import type { ListenerNeeds } from './needs.js';
import { registerPicker } from './picker.js';
import { registerRemediate } from './remediate.js';
import { registerRunAgain } from './run-again.js';

/** Every listener. They run behind the gate: acknowledged, seen for the first time, from a person who may ask. */
export function registerListeners(app: App, needs: ListenerNeeds): void {
  registerCommand(app, needs);
  registerPicker(app, needs);
  registerRunAgain(app, needs);
  registerMore(app, needs);
  registerRemediate(app, needs);
  registerBreakGlass(app, needs);
}
