import { z } from 'zod';
import { HostAccess, HostName, Role, RoleName, Service, ServiceName } from '../model/service.js';

const { title } = Service.shape;

/** A service as written: the name is its key, the title may be left out. */
export const ServiceEntry = Service.omit({ name: true }).extend({ title: title.optional() });

/** services.yaml */
export const InventoryFile = z.strictObject({
  services: z
    .record(ServiceName, ServiceEntry)
    .describe('Every service, under the name that people will type.'),
  hosts: z
    .record(HostName, HostAccess)
    .default({})
    .describe('How to reach hosts, where ~/.ssh/config does not say it.'),
  roles: z
    .record(RoleName, Role)
    .default({})
    .describe('Who may ask for changes: names that `allow` and `approve` refer to.'),
});
export type InventoryFile = z.infer<typeof InventoryFile>;

/** The part of JSON Schema that zod writes for the inventory. */
export type JsonSchema = {
  type?: string;
  const?: unknown;
  enum?: string[];
  description?: string;
  default?: unknown;
  format?: string;
  pattern?: string;
  properties?: Record<string, JsonSchema>;
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  required?: string[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
};

/** What the checks of the file know by heart. */
export const inventoryShape = (): JsonSchema =>
  z.toJSONSchema(InventoryFile, { io: 'input', target: 'draft-7' }) as JsonSchema;

/** What editors read. A value may be a variable instead, so formats and patterns let one through. */
export const editorSchema = (): JsonSchema => allowVariables(inventoryShape());

function allowVariables(schema: JsonSchema): JsonSchema {
  const { format, pattern, ...rest } = schema;
  const wanted = format === 'uri' ? '^[a-z]+://' : pattern;
  return {
    ...rest,
    ...(wanted !== undefined && { pattern: `(?:${wanted})|\\$\\{` }),
    ...(schema.properties && { properties: mapValues(schema.properties, allowVariables) }),
    ...(typeof schema.additionalProperties === 'object' && {
      additionalProperties: allowVariables(schema.additionalProperties),
    }),
    ...(schema.items && { items: allowVariables(schema.items) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(allowVariables) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(allowVariables) }),
  };
}

const mapValues = <T>(object: Record<string, T>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
