import { acceptQueueFull } from './accept-queue-full.js';
import { appBlamesDependency } from './app-blames-dependency.js';
import { appPoolExhausted } from './app-pool-exhausted.js';
import { appRateLimited } from './app-rate-limited.js';
import { appRefusedByDependency } from './app-refused-by-dependency.js';
import { appRefusedConnection } from './app-refused-connection.js';
import { authRequestFailing } from './auth-request-failing.js';
import { balancerNotListening } from './balancer-not-listening.js';
import { certificateExpired } from './certificate-expired.js';
import { concurrencyLimited } from './concurrency-limited.js';
import { connectionsExhausted } from './connections-exhausted.js';
import { cpuSaturated } from './cpu-saturated.js';
import type { Check } from './define-check.js';
import { dependencyFailing } from './dependency-failing.js';
import { dependencySlow } from './dependency-slow.js';
import { dependencyUnreachable } from './dependency-unreachable.js';
import { diskFull } from './disk-full.js';
import { fileDescriptorsExhausted } from './file-descriptors-exhausted.js';
import { frontendFull } from './frontend-full.js';
import { healthEndpointFailing } from './health-endpoint-failing.js';
import { healthEndpointMisplaced } from './health-endpoint-misplaced.js';
import { healthEndpointSlow } from './health-endpoint-slow.js';
import { healthFlapping } from './health-flapping.js';
import { idleInTransaction } from './idle-in-transaction.js';
import { kernelTableFull } from './kernel-table-full.js';
import { maintenanceMode } from './maintenance-mode.js';
import { memberDownThoughHealthy } from './member-down-though-healthy.js';
import { memberDraining } from './member-draining.js';
import { memberUnreachable } from './member-unreachable.js';
import { memoryExhausted } from './memory-exhausted.js';
import { noRouteMatched } from './no-route-matched.js';
import { poolWithoutMembers } from './pool-without-members.js';
import { poolerQueueWaiting } from './pooler-queue-waiting.js';
import { portNotListening } from './port-not-listening.js';
import { portRefused } from './port-refused.js';
import { proxyConnectionsExhausted } from './proxy-connections-exhausted.js';
import { proxyNotAnswering } from './proxy-not-answering.js';
import { rateLimited } from './rate-limited.js';
import { releaseErring } from './release-erring.js';
import { releaseErringInPart } from './release-erring-in-part.js';
import { releaseFailing } from './release-failing.js';
import { releaseSkew } from './release-skew.js';
import { requestDenied } from './request-denied.js';
import { rolloutInProgress } from './rollout-in-progress.js';
import { sessionsBlockedByLock } from './sessions-blocked-by-lock.js';
import { tasksExhausted } from './tasks-exhausted.js';
import { neighbourUnitDown } from './neighbour-unit-down.js';
import { undeclaredDependency } from './undeclared-dependency.js';
import { unitCrashLooping } from './unit-crash-looping.js';
import { unitFailed } from './unit-failed.js';
import { unitInactive } from './unit-inactive.js';
import { unitMissingOrMasked } from './unit-missing-or-masked.js';
import { unitRestartedRepeatedly } from './unit-restarted-repeatedly.js';
import { unitStarting } from './unit-starting.js';
import { unitStopping } from './unit-stopping.js';
import { workersBusy } from './workers-busy.js';
import { wrongUpstream } from './wrong-upstream.js';

/** Every check. A new check is one file and one line here; causal order lives in diagnosis/causal-order.ts. */
export const checks: readonly Check[] = [
  cpuSaturated,
  memoryExhausted,
  acceptQueueFull,
  workersBusy,
  fileDescriptorsExhausted,
  proxyConnectionsExhausted,
  proxyNotAnswering,
  frontendFull,
  diskFull,
  kernelTableFull,
  tasksExhausted,
  unitInactive,
  unitFailed,
  unitCrashLooping,
  unitStarting,
  unitStopping,
  unitRestartedRepeatedly,
  unitMissingOrMasked,
  portNotListening,
  portRefused,
  rolloutInProgress,
  releaseSkew,
  releaseFailing,
  releaseErring,
  releaseErringInPart,
  healthEndpointFailing,
  healthEndpointSlow,
  healthEndpointMisplaced,
  memberDownThoughHealthy,
  healthFlapping,
  memberDraining,
  connectionsExhausted,
  idleInTransaction,
  sessionsBlockedByLock,
  appPoolExhausted,
  poolerQueueWaiting,
  appRefusedConnection,
  dependencyUnreachable,
  dependencyFailing,
  dependencySlow,
  certificateExpired,
  appRefusedByDependency,
  appBlamesDependency,
  undeclaredDependency,
  authRequestFailing,
  neighbourUnitDown,
  maintenanceMode,
  rateLimited,
  appRateLimited,
  concurrencyLimited,
  requestDenied,
  poolWithoutMembers,
  wrongUpstream,
  noRouteMatched,
  memberUnreachable,
  balancerNotListening,
];
