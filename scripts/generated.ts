import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { editorSchema } from '../src/config/inventory-schema.js';
import { checksTable } from './checks-docs.js';
import { envExample, envTable } from './env-docs.js';
import { inventoryTable } from './inventory-docs.js';

const root = new URL('../', import.meta.url);

/** Every file that is written from the code, as it must be: its path in the repository and its text. */
export async function generated(): Promise<Record<string, string>> {
  const schema = await laidOut('services.schema.json', JSON.stringify(editorSchema()));
  const configuration = readFileSync(new URL('docs/configuration.md', root), 'utf8');
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  const tables = filled(filled(configuration, 'env', envTable()), 'inventory', inventoryTable());
  return {
    'services.schema.json': schema,
    '.env.example': envExample(),
    'README.md': await laidOut('README.md', filled(readme, 'checks', checksTable())),
    'docs/configuration.md': await laidOut('docs/configuration.md', tables),
  };
}

/** As the formatter wants it, so that the file passes the format check. */
async function laidOut(name: string, text: string): Promise<string> {
  const filepath = new URL(name, root).pathname;
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

function filled(text: string, mark: string, table: string): string {
  const [before, rest] = text.split(`<!-- ${mark} -->`);
  const after = rest?.split(`<!-- /${mark} -->`)[1];
  if (before === undefined || after === undefined) throw new Error(`a document has lost its mark ${mark}`);
  return `${before}<!-- ${mark} -->\n\n${table}\n\n<!-- /${mark} -->${after}`;
}
