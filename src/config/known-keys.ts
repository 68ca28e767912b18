import { inventoryShape, type JsonSchema } from './inventory-schema.js';
import type { Path } from './source-lines.js';

const root = inventoryShape();

/** Keys that the inventory knows at a path; `kind` narrows it where there are several shapes. */
export function knownKeys(path: Path, kind?: unknown): string[] {
  const shapes = at(path).filter(({ properties }) => fits(properties?.['kind'], kind));
  return [...new Set(shapes.flatMap((shape) => keysOf(shape)))];
}

/** The words for a key, as editors show them. */
export const describeKey = (path: Path): string | undefined =>
  at(path).find(({ description }) => description !== undefined)?.description;

const keysOf = ({ properties, propertyNames }: JsonSchema): string[] => [
  ...Object.keys(properties ?? {}),
  ...(propertyNames?.enum ?? []),
];

const fits = (wanted: JsonSchema | undefined, kind: unknown): boolean =>
  kind === undefined || wanted?.const === undefined || wanted.const === kind;

function at(path: Path): JsonSchema[] {
  let shapes = alternatives(root);
  for (const segment of path) shapes = shapes.flatMap((shape) => alternatives(child(shape, segment)));
  return shapes;
}

function child({ properties, additionalProperties, items }: JsonSchema, segment: PropertyKey) {
  if (typeof segment === 'number') return items;
  const own = properties?.[String(segment)];
  return own ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
}

function alternatives(schema: JsonSchema | undefined): JsonSchema[] {
  if (schema === undefined) return [];
  return [
    schema,
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((shape) => alternatives(shape)),
  ];
}
