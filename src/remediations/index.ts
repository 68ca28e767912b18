import type { RemediationId } from '../model/cause.js';
import type { RemediationKind } from './define-remediation.js';
import { drainHost } from './drain-host.js';
import { endIdleSessions } from './end-idle-sessions.js';
import { reloadProxy } from './reload-proxy.js';
import { restartService } from './restart-service.js';
import { restoreHost } from './restore-host.js';
import { rollBack } from './roll-back.js';
import { runCommand } from './run-command.js';
import { startService } from './start-service.js';

/** Every change that there is. A new one is one file and one line here, and a row in the tables of the tests. */
export const remediations: Readonly<Record<RemediationId, RemediationKind>> = {
  'start-service': startService,
  'restart-service': restartService,
  'end-idle-sessions': endIdleSessions,
  'drain-host': drainHost,
  'restore-host': restoreHost,
  'reload-proxy': reloadProxy,
  'roll-back': rollBack,
  'run-command': runCommand,
};
