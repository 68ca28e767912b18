import { closeSync, fchmodSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { formatStoredRun, StoredRun } from '../model/stored-run.js';
import { fileError } from './file-error.js';
import { inertText } from './inert-text.js';

/** Only for its owner: journals and addresses are in it. */
const MODE = 0o600;

/** Writes the file. Answers what went wrong, in one line, or null. */
export function saveRun(stored: StoredRun, file: string): string | null {
  const wrong = (reason: string): string => `the run was not kept: ${inertText(file)}: ${reason}`;
  const issue = StoredRun.safeParse(stored).error?.issues[0];
  if (issue !== undefined)
    return wrong(
      `without its secrets ${issue.path.join('.')} is no valid value any more; keep the secret out of it`,
    );
  try {
    write(file, formatStoredRun(stored));
    return null;
  } catch (error) {
    return wrong(`${fileError(error)}; name a file in a folder that exists and that you may write to`);
  }
}

function write(file: string, text: string): void {
  const descriptor = openSync(file, 'w', MODE);
  try {
    // A file that was there before keeps its mode otherwise; a device or pipe is not ours to change.
    if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, MODE);
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}
