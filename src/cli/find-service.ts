import { nearest } from '../config/nearest.js';
import type { Inventory, Service } from '../model/service.js';
import { UsageError } from './exit-codes.js';
import { inertText } from './inert-text.js';

const MAX_SHOWN = 60;
const MAX_LISTED = 10;

/** The service of that name. What was typed only ever selects; it is never part of a command. */
export function findService({ services }: Inventory, typed: string): Service {
  const service = services.get(typed);
  if (service !== undefined) return service;
  const names = [...services.keys()];
  const close = nearest(typed, names);
  const listed = names.slice(0, MAX_LISTED).join(', ');
  const more =
    names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more (diag503 inventory check)` : '';
  const wayOut =
    close.length > 0 ? `did you mean ${close.join(' or ')}?` : `the inventory has ${listed}${more}`;
  throw new UsageError(
    typed.trim() === '' ? `name a service: ${listed}${more}` : `unknown service ${shown(typed)}; ${wayOut}`,
  );
}

const shown = (typed: string): string =>
  `"${inertText(typed.length > MAX_SHOWN ? `${typed.slice(0, MAX_SHOWN)}…` : typed).replaceAll('\n', '\\n')}"`;
