import { writeFileSync } from 'node:fs';
import { generated } from './generated.js';

/** Writes the schema for editors, and the tables of variables and keys, from the code that reads them. */
for (const [file, text] of Object.entries(await generated())) {
  writeFileSync(new URL(`../${file}`, import.meta.url), text);
}
