import { findLab } from '../lab.js';
import { loadScenario } from '../scenario-files.js';
import { untilWell } from '../wellness.js';

/**
 * `fault.ts inject|heal SCENARIO`, in a process of its own: faults wait for the commands of hosts, and meanwhile the local
 * Slack and the customer of the other process must go on.
 */
const [verb, id = ''] = process.argv.slice(2);
const lab = findLab();
const scenario = await loadScenario(id);
console.log(`begins ${Date.now()}`);
if (verb === 'inject') await scenario.inject(lab);
else {
  await scenario.heal(lab);
  await untilWell(lab);
}
process.exit(0);
