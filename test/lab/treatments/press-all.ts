import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { remediations } from '../../../src/remediations/index.js';
import { ANA, openBench } from '../../e2e/bench.js';
import { environment } from '../diagnose.js';
import { findLab } from '../lab.js';
import { untilWell } from '../wellness.js';
import { checkGrants, installGrants } from './grants.js';
import { treatments } from './index.js';
import { press } from './press.js';

/** Runs in the namespace of the worker: Slack, database, bot and worker stand beside the hosts. */
const lab = findLab();
const wanted = new RegExp(process.argv[2] ?? '');
const chosen = treatments.filter(({ remediation }) => wanted.test(remediation));
const without = Object.keys(remediations).filter((id) => !treatments.some((each) => each.remediation === id));
if (without.length > 0) console.log(`NOT PROVEN here: ${without.join(', ')}`);

const inventory = inventoryWith();
const file = path.join(mkdtempSync(path.join(tmpdir(), 'diag503-treatments-')), 'services.yaml');
writeFileSync(file, inventory);
installGrants(lab, file, ['shop', 'desk']);
checkGrants(file, 'shop', ['web-1']);
const bench = await openBench({ inventory: () => inventory, env: environment() });
let bad = 0;
try {
  await bench.startListening('start');
  for (const treatment of chosen) {
    await untilWell(lab);
    const { lines, wrong } = await press({ lab, bench, treatment });
    for (const line of lines) console.log(`  ${line}`);
    console.log(
      `${wrong.length === 0 ? 'right' : 'WRONG'}    ${treatment.remediation}${wrong.map((each) => `\n  ! ${each}`).join('')}`,
    );
    bad += wrong.length === 0 ? 0 : 1;
  }
} finally {
  await bench.close();
}
console.log(
  `${String(chosen.length - bad)} of ${String(chosen.length)} changes mend what they are for, hold back where they must and touch nothing else`,
);
process.exit(bad === 0 ? 0 : 1);

function inventoryWith(): string {
  const file = path.join(import.meta.dirname, '../services.yaml');
  const parsed = parse(readFileSync(file, 'utf8')) as { services: Record<string, Record<string, unknown>> };
  for (const service of ['shop', 'desk']) {
    const rules = treatments
      .filter((each) => each.service === service)
      .map(({ remediation, rule = {} }) => [
        remediation,
        { allow: ['operator'], coolDownMinutes: 0, perDay: 100, ...rule },
      ]);
    parsed.services[service] = {
      ...parsed.services[service],
      remediations: Object.fromEntries(rules) as unknown,
    };
  }
  return stringify({ ...parsed, roles: { operator: { users: [ANA] } } });
}
