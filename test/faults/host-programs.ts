import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../servers/require-server.js';
import type { Moment } from './moments.js';

/** The two of a host's programs by which a ledger is written, and the operator's own command: each can be held. */
export type HostPrograms = {
  /** Comes first in the workers' PATH. */
  readonly bin: string;
  /** The operator's command; its argument is the service. */
  readonly effectScript: string;
  /** The first who comes to this moment waits there. `key`: the remediation, for the command its service. */
  hold(key: string, moment: Moment): void;
  isHeld(key: string, moment: Moment): boolean;
  release(key: string, moment: Moment): void;
  /** Kills what waits there and all that belongs to the same shell of the worker's. */
  die(key: string, moment: Moment): void;
  effectsOf(service: string): number;
  /** The operator's command says this when it has done it. */
  says(service: string, output: string): void;
  /** The host's ledger. */
  readonly ledger: string;
};

const script = (holds: string, body: string): string => `#!/bin/sh
held() {
  ${findProgram('mv') ?? 'mv'} "${holds}/$1.$2" "${holds}/$1.$2.held" 2>/dev/null || return 0
  read -r _ _ _ _ _ session _ <"/proc/$$/stat"
  echo "$session" >"${holds}/$1.$2.session"
  while [ -e "${holds}/$1.$2.held" ]; do sleep 0.1; done
}
${body}
`;

const FOLDERS = ['bin', 'holds', 'effects', 'output'] as const;
type Paths = [string, string, string, string];

/** `seenAs`: what the host itself calls that folder, where it is another machine's. */
export function writeHostPrograms(home: string, seenAs = home): HostPrograms {
  const [bin, holds, effects, output] = FOLDERS.map((name) => path.join(home, name)) as Paths;
  for (const folder of [home, bin, holds, effects, output]) {
    mkdirSync(folder, { recursive: true });
    if (home !== seenAs) chmodSync(folder, 0o777); // the login of that machine writes there
  }
  const there = (file: string): string => path.join(seenAs, path.relative(home, file));
  const write = (file: string, body: string): string => {
    writeFileSync(file, script(there(holds), body));
    chmodSync(file, 0o755);
    return there(file);
  };
  const [mkdir, mv] = [findProgram('mkdir') ?? 'mkdir', findProgram('mv') ?? 'mv'];
  const ofEntry = (last: string): string => `for last; do :; done
entry=\${last#*/.diag503/actions/}
[ "$entry" != "$last" ] || exec ${last}
id=\${entry%%/*}; id=\${id%-*}
`;
  write(
    path.join(bin, 'mkdir'),
    `${ofEntry(`${mkdir} "$@"`)}case $entry in
*/go) held "$id" go; exec ${mkdir} "$@";;
*) held "$id" entry; ${mkdir} "$@"; code=$?; held "$id" entry-made; exit "$code";;
esac`,
  );
  write(
    path.join(bin, 'mv'),
    `${ofEntry(`${mv} "$@"`)}case $entry in */outcome) held "$id" outcome;; esac
exec ${mv} "$@"`,
  );
  const effectScript = write(
    path.join(home, 'effect'),
    `held "$1" effect
printf x >>"${there(effects)}/$1"
[ ! -e "${there(output)}/$1" ] || cat "${there(output)}/$1"
held "$1" effect-made`,
  );
  const file = (key: string, moment: Moment, what = ''): string =>
    path.join(holds, `${key}.${moment}${what}`);
  const release = (key: string, moment: Moment): void => {
    rmSync(file(key, moment), { force: true });
    rmSync(file(key, moment, '.held'), { force: true });
  };
  return {
    ...{ bin: there(bin), effectScript, release },
    hold: (key, moment) => writeFileSync(file(key, moment), ''),
    isHeld: (key, moment) => existsSync(file(key, moment, '.session')),
    die: (key, moment) => {
      const session = existsSync(file(key, moment, '.session'))
        ? readFileSync(file(key, moment, '.session'), 'utf8').trim()
        : '';
      if (session !== '') killSession(session);
      release(key, moment);
    },
    effectsOf: (service) => {
      const made = path.join(effects, service);
      return existsSync(made) ? readFileSync(made, 'utf8').length : 0;
    },
    says: (service, text) => writeFileSync(path.join(output, service), text),
    ledger: path.join(home, '.diag503/actions'),
  };
}

/** The worker starts every script in a session of its own, so nothing else is in it. */
function killSession(session: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = readOrEmpty(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[3] === session) kill(Number(pid));
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has just ended
  }
}
