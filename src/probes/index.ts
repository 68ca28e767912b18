import type { z } from 'zod';
import { appAnswer } from './app-answer.js';
import { balancerLog } from './balancer-log.js';
import { balancerProcess } from './balancer-process.js';
import { balancerMembers } from './balancer-members.js';
import { cpuPressure } from './cpu-pressure.js';
import { databaseSessions } from './database-sessions.js';
import { deployActivity } from './deploy-activity.js';
import { diskSpace } from './disk-space.js';
import { healthAnswer } from './health-answer.js';
import { hostClock } from './host-clock.js';
import { httpDependency } from './http-dependency.js';
import { hostJournal } from './host-journal.js';
import { kernelTables } from './kernel-tables.js';
import { listenSockets } from './listen-sockets.js';
import { maintenanceMarker } from './maintenance-marker.js';
import { memberAnswer } from './member-answer.js';
import { memory } from './memory.js';
import { postgresDependency } from './postgres-dependency.js';
import { proxyLog } from './proxy-log.js';
import { publicAnswer } from './public-answer.js';
import { redisDependency } from './redis-dependency.js';
import { release } from './release.js';
import { tcpCounters } from './tcp-counters.js';
import { tcpDependency } from './tcp-dependency.js';
import { unitCgroup } from './unit-cgroup.js';
import { unitJournal } from './unit-journal.js';
import { unitProcesses } from './unit-processes.js';
import { unitState } from './unit-state.js';
import { workerSockets } from './worker-sockets.js';

/** Every probe under the name of its fact. A new probe is one file and one line here. */
export const probes = {
  // On each host: first what needs no process, so that a host in trouble tells most before it can no more.
  cpuPressure,
  memory,
  unitCgroup,
  unitProcesses,
  tcpCounters,
  // Then what may wait, and meanwhile the rest.
  unitState,
  unitJournal,
  hostJournal,
  diskSpace,
  deployActivity,
  release,
  maintenanceMarker,
  proxyLog,
  listenSockets,
  hostClock,
  kernelTables,
  workerSockets,
  // On the balancer's host.
  balancerLog,
  balancerProcess,
  // By speaking a protocol.
  appAnswer,
  balancerMembers,
  databaseSessions,
  healthAnswer,
  httpDependency,
  memberAnswer,
  postgresDependency,
  publicAnswer,
  redisDependency,
  tcpDependency,
} as const;

export type FactName = keyof typeof probes;
export type Facts = { [K in FactName]: z.infer<(typeof probes)[K]['fact']> };
