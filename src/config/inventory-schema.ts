import { z } from 'zod';
import { HostAccess, HostName, Service, ServiceName } from '../model/service.js';

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

/** What editors read. A value may be a variable instead, so formats and patterns let one through. */
export function inventoryJsonSchema(): JsonSchema {
  return z.toJSONSchema(InventoryFile, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'uri') {
        delete jsonSchema.format;
        jsonSchema.pattern = '^[a-z]+://|\\$\\{';
      } else if (jsonSchema.type === 'string' && jsonSchema.pattern !== undefined) {
        jsonSchema.pattern = `(?:${jsonSchema.pattern})|\\$\\{`;
      }
    },
  }) as JsonSchema;
}
