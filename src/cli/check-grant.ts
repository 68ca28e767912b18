import type { HostConnector } from '../clients/host-connection.js';
import type { Service } from '../model/service.js';
import { commandsAsRoot, commandsGranted, sudoersCommand } from '../remediations/sudoers.js';
import { inertText } from './inert-text.js';

const CHECK_MS = 20_000;
const MAX_BYTES = 64 * 1024;

/** Reads only. `sudo -l` lists without running anything. */
const SCRIPT = `id -u
echo '--- ledger'
for d in /var/lib/diag503/actions "$HOME/.diag503/actions"; do
  if [ -d "$d" ] && [ -w "$d" ]; then echo "$d"; break; fi
  if [ -d "$d" ]; then echo "not writable: $d"; break; fi
done
echo '--- sudo'
command -v sudo >/dev/null 2>&1 && sudo -n -l 2>&1
:`;

export type GrantCheck = { lines: string[]; good: boolean };

/** What the login may do on this host beside what it should: more is as wrong as less. `others`: also run there. */
export async function checkGrant(
  service: Service,
  host: string,
  { connector, others }: { connector: HostConnector; others: readonly Service[] },
): Promise<GrantCheck> {
  const signal = AbortSignal.timeout(CHECK_MS);
  const connection = await connector.connect(host, signal);
  const { stdout } = await connection.runScript(SCRIPT, { signal, maxBytes: MAX_BYTES });
  return judgeGrant(service, host, stdout, others);
}

export function judgeGrant(
  service: Service,
  host: string,
  stdout: string,
  others: readonly Service[] = [],
): GrantCheck {
  const [uid = '', rest = ''] = stdout.split('\n--- ledger\n');
  const [ledger = '', listing = ''] = rest.split('--- sudo\n');
  const wanted = [...new Set(commandsAsRoot(service).map(sudoersCommand))];
  const granted = commandsGranted(listing);
  const isRoot = uid.trim() === '0';
  const missing = isRoot ? [] : wanted.filter((command) => !granted.includes(command));
  const ownerOf = (command: string): Service | undefined =>
    others.find((other) => commandsAsRoot(other).map(sudoersCommand).includes(command));
  const extra = granted.filter((command) => !wanted.includes(command));
  const place = ledger.trim();
  const hasLedger = place !== '' && !place.startsWith('not writable');
  const lines = [
    ...(isRoot ? [`bad: the login on ${host} is root, and root may do anything`] : []),
    ...wanted.filter((command) => !missing.includes(command)).map((command) => `good: may ${command}`),
    ...missing.map((command) => `bad: may not ${command}`),
    ...(isRoot ? [] : extra.map((command) => mayAlso(command, ownerOf(command)))),
    hasLedger ? `good: the ledger is ${place}` : noLedger(place),
  ];
  return {
    lines: lines.map((line) => inertText(line)),
    good: !lines.some((line) => line.startsWith('bad:')),
  };
}

const mayAlso = (command: string, owner: Service | undefined): string =>
  owner === undefined ? `bad: may also ${command}` : `good: may ${command}, for ${owner.name}`;

const noLedger = (place: string): string =>
  place === '' ? 'good: the ledger will be made in the home of the login' : `bad: the ledger is ${place}`;
