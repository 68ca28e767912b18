import { inventoryShape, type JsonSchema } from '../src/config/inventory-schema.js';

/** The table of docs/configuration.md: every key of the inventory. */
export function inventoryTable(): string {
  const { services, hosts } = inventoryShape().properties ?? {};
  const rows = [...rowsOf(valueOf(services), 'services.NAME'), ...rowsOf(valueOf(hosts), 'hosts.NAME')];
  return ['| key | needed or default | what it is |', '| --- | --- | --- |', ...new Set(rows)].join('\n');
}

const valueOf = (schema: JsonSchema | undefined): JsonSchema =>
  typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : {};

function rowsOf(schema: JsonSchema, above: string): string[] {
  const shapes = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return shapes.flatMap(({ properties = {}, required = [] }) => {
    const kind = properties['kind']?.const;
    return Object.entries(properties).flatMap(([key, value]) => {
      const name = `${above}.${key}`;
      const row = `| \`${name}\` | ${presence(value, required.includes(key))} | ${words(value, key, kind)} |`;
      return [
        row,
        ...rowsOf(value, name),
        ...rowsOf(value.items ?? {}, `${name}[]`),
        ...rowsOf(valueOf(value), `${name}.ID`),
      ];
    });
  });
}

function presence({ default: preset }: JsonSchema, required: boolean): string {
  if (required) return 'needed';
  const isEmpty = preset === undefined || ['{}', '[]'].includes(JSON.stringify(preset));
  return isEmpty ? '' : `\`${JSON.stringify(preset)}\``;
}

const words = ({ description }: JsonSchema, key: string, kind: unknown): string =>
  description ?? (key === 'kind' ? `\`${String(kind)}\`` : '');
