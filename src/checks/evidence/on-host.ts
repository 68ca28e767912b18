import type { Service } from '../../model/service.js';

/** " on api-2"; nothing where there is only one host, for then it goes without saying. */
export const on = (host: string, { hosts }: Service): string => (hosts.length > 1 ? ` on ${host}` : '');
