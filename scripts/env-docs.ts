import { z } from 'zod';
import { EnvVariables } from '../src/config/env-variables.js';

type Described = { description?: string; default?: string | number; examples?: string[]; enum?: string[] };
export type EnvRow = { name: string } & Described;

/** Every variable with its words: docs/configuration.md and .env.example are written from this. */
export function envRows(): EnvRow[] {
  const schema = z.toJSONSchema(EnvVariables, { io: 'input', unrepresentable: 'any' });
  return Object.entries(schema.properties ?? {}).map(([name, row]) => ({ name, ...(row as Described) }));
}

/** The table of docs/configuration.md. */
export function envTable(): string {
  const rows = envRows().map((row) => {
    const preset = row.default === undefined ? '' : `\`${row.default}\``;
    return `| \`${row.name}\` | ${preset} | ${row.description ?? ''} |`;
  });
  return ['| variable | default | what it is |', '| --- | --- | --- |', ...rows].join('\n');
}

/** .env.example: everything commented out, so that copying it changes nothing. */
export function envExample(): string {
  const head =
    '# Copy this file to .env. Variables that are already set win. Every one: docs/configuration.md.\n';
  const rows = envRows().map(
    ({ name, description, examples, ...row }) =>
      `${wrap(description ?? '')}\n# ${name}=${row.default ?? examples?.[0] ?? ''}\n`,
  );
  return [head, ...rows].join('\n');
}

const WIDTH = 100;

function wrap(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const current = lines.at(-1) ?? '';
    if (current.length + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = current === '' ? word : `${current} ${word}`;
  }
  return lines.map((line) => `# ${line}`).join('\n');
}
