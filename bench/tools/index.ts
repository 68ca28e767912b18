import type { Tool } from '../hosts/tool.js';
import { ansiblePlaybook, ansibleRaw } from './ansible.js';
import { byHand } from './by-hand.js';
import { clush } from './clush.js';
import { nineOverMaster, scriptOverMaster } from './control-master.js';
import { diagnosisCold, diagnosisWarm, readsCold, readsWarm } from './diag503.js';
import { nineAtOnce } from './nine-at-once.js';
import { onTheHostCompiled, onTheHostPlain } from './on-the-host.js';
import { oneScript, oneScriptClassicKex } from './one-script.js';
import { parallelSsh } from './parallel-ssh.js';

/** In the order of the table. A new tool is one file and one line here. */
export const tools = {
  byHand,
  nineAtOnce,
  oneScript,
  oneScriptClassicKex,
  nineOverMaster,
  scriptOverMaster,
  clush,
  parallelSsh,
  ansibleRaw,
  ansiblePlaybook,
  readsCold,
  readsWarm,
  diagnosisCold,
  diagnosisWarm,
  onTheHostPlain,
  onTheHostCompiled,
} as const satisfies Record<string, Tool>;

export type ToolId = keyof typeof tools;
