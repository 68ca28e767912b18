import type { Check } from './define-check.js';

/** Every check. A new check is one file and one line here; causal order lives in diagnosis/causal-order.ts. */
export const checks: readonly Check[] = [];
