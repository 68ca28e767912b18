import type { Lab } from '../lab.js';

/** What the payment service does from now on: `ok`, `slow SECONDS`, `status CODE [RETRY-AFTER]`, `garbage`. */
export const setPayments = (lab: Lab, mode: string): void => {
  lab.host('pay-1').run('sh', '-c', 'echo "$1" >/run/payments/mode', 'sh', mode);
};
