import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { CANARY } from './corpus.js';

/** Every program of this machine by its name, through one that writes down how it was called. */
export type CommandLog = {
  /** Comes first in the PATH of whoever is watched. */
  readonly bin: string;
  /** Name and arguments of each call until now. */
  calls(): string[][];
};

const END_OF_CALL = '\u001e';

export function openCommandLog(home: string): CommandLog {
  const bin = path.join(home, 'log-bin');
  const log = path.join(home, 'commands');
  mkdirSync(bin, { recursive: true });
  writeFileSync(log, '');
  const real = (process.env['PATH'] ?? '/usr/bin:/bin').split(':');
  const logger = path.join(home, 'logger');
  writeFileSync(
    logger,
    `#!/bin/sh
name=\${0##*/}
{ printf '%s\\0' "$name" "$@"; printf '${END_OF_CALL}'; } >>"${log}"
IFS=:
for folder in $PATH; do
  [ "$folder" = "${bin}" ] || [ ! -x "$folder/$name" ] || exec "$folder/$name" "$@"
done
exit 127
`,
  );
  chmodSync(logger, 0o755);
  const names = new Set(real.flatMap(programsIn));
  for (const name of [...names, CANARY]) symlinkSync(logger, path.join(bin, name));
  return {
    bin,
    calls: () =>
      readFileSync(log, 'utf8')
        .split(END_OF_CALL)
        .filter((call) => call !== '')
        .map((call) => call.split('\0').slice(0, -1)),
  };
}

/** The product itself is no command of a host. */
const isOurs = (name: string): boolean => name === 'node' || name === 'npm' || name === 'npx';

function programsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !isOurs(name) && isExecutable(path.join(folder, name)));
  } catch {
    return []; // a PATH may name folders that are not there
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
