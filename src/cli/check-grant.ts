import { createHash } from 'node:crypto';
import type { HostConnector } from '../clients/host-connection.js';
import type { Service } from '../model/service.js';
import { quote } from '../probes/define-probe.js';
import { releaseLinkOf, rollBackProgram, rollBackScript } from '../remediations/roll-back-program.js';
import { commandsAsRoot, commandsGranted, sudoersCommand } from '../remediations/sudoers.js';
import { inertText } from './inert-text.js';

const CHECK_MS = 20_000;
const MAX_BYTES = 64 * 1024;

/** Reads only. `sudo -l` lists without running anything. */
const scriptFor = (service: Service): string => `id -u
echo '--- ledger'
for d in /var/lib/diag503/actions "$HOME/.diag503/actions"; do
  if [ -d "$d" ] && [ -w "$d" ]; then echo "$d"; break; fi
  if [ -d "$d" ]; then echo "not writable: $d"; break; fi
done
echo '--- sudo'
command -v sudo >/dev/null 2>&1 && sudo -n -l 2>&1
${releaseLinkOf(service) === null ? '' : lookAtProgram(rollBackProgram(service))}
:`;

/** What somebody else may write is no program of root's, whatever sudoers says: the folders above it count as well. */
const lookAtProgram = (program: string): string => `echo '--- program'
at=${quote(program)}
sha256sum "$at" 2>/dev/null | cut -d ' ' -f 1
while :; do
  stat -c '%u %A %n' "$at" 2>&1
  [ ! -w "$at" ] || echo "written by this login: $at"
  [ "$at" != / ] || break
  at=\${at%/*}; at=\${at:-/}
done`;

export type GrantCheck = { lines: string[]; good: boolean };

/** What the login may do on this host beside what it should: more is as wrong as less. `others`: also run there. */
export async function checkGrant(
  service: Service,
  host: string,
  { connector, others }: { connector: HostConnector; others: readonly Service[] },
): Promise<GrantCheck> {
  const signal = AbortSignal.timeout(CHECK_MS);
  const connection = await connector.connect(host, signal);
  const { stdout } = await connection.runScript(scriptFor(service), { signal, maxBytes: MAX_BYTES });
  return judgeGrant(service, host, stdout, others);
}

export function judgeGrant(
  service: Service,
  host: string,
  stdout: string,
  others: readonly Service[] = [],
): GrantCheck {
  const [uid = '', rest = ''] = stdout.split('\n--- ledger\n');
  const [ledger = '', afterLedger = ''] = rest.split('--- sudo\n');
  const [listing = '', program = ''] = afterLedger.split('--- program\n');
  const isRoot = uid.trim() === '0';
  const place = ledger.trim();
  const hasLedger = place !== '' && !place.startsWith('not writable');
  const lines = [
    ...judgeCommands(service, { host, isRoot, granted: commandsGranted(listing), others }),
    ...judgeProgram(service, program, isRoot),
    hasLedger ? `good: the ledger is ${place}` : noLedger(place),
  ];
  return {
    lines: lines.map((line) => inertText(line)),
    good: !lines.some((line) => line.startsWith('bad:')),
  };
}

type Granted = { host: string; isRoot: boolean; granted: readonly string[]; others: readonly Service[] };

function judgeCommands(service: Service, { host, isRoot, granted, others }: Granted): string[] {
  const wanted = [...new Set(commandsAsRoot(service).map(sudoersCommand))];
  const missing = isRoot ? [] : wanted.filter((command) => !granted.includes(command));
  const ownerOf = (command: string): Service | undefined =>
    others.find((other) => commandsAsRoot(other).map(sudoersCommand).includes(command));
  const extra = granted.filter((command) => !wanted.includes(command));
  return [
    ...(isRoot ? [`bad: the login on ${host} is root, and root may do anything`] : []),
    ...wanted.filter((command) => !missing.includes(command)).map((command) => `good: may ${command}`),
    ...missing.map((command) => `bad: may not ${command}`),
    ...(isRoot ? [] : extra.map((command) => mayAlso(command, ownerOf(command)))),
  ];
}

/** The link is led to another release by what was printed, and nobody but root can make it something else. */
function judgeProgram(service: Service, said: string, isRoot: boolean): string[] {
  const where = releaseLinkOf(service);
  if (where === null) return [];
  const program = rollBackProgram(service);
  const [digest = '', ...paths] = said.trim().split('\n');
  if (!/^[0-9a-f]{64}$/.test(digest)) return [`bad: ${program} is not there, or can not be read`];
  const expected = createHash('sha256')
    .update(`${rollBackScript(where)}\n`)
    .digest('hex');
  const foreign = paths.filter((line) => !isRootsOwn(line) && !(isRoot && line.startsWith('written by')));
  return [
    digest === expected
      ? `good: ${program} is what \`diag503 grant\` prints`
      : `bad: ${program} is not what \`diag503 grant\` prints`,
    ...foreign.map((line) => `bad: not only root may change it: ${line}`),
  ];
}

/** As `stat` says it: user 0, and no right to write for group or others. */
const isRootsOwn = (line: string): boolean => /^0 [dl-]....-..-. /.test(line);

const mayAlso = (command: string, owner: Service | undefined): string =>
  owner === undefined ? `bad: may also ${command}` : `good: may ${command}, for ${owner.name}`;

const noLedger = (place: string): string =>
  place === '' ? 'good: the ledger will be made in the home of the login' : `bad: the ledger is ${place}`;
