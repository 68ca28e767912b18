import type { Lab } from '../lab.js';
import { writeBalancerPage } from './balancer-config.js';

const PAGE = '/etc/haproxy/nordlicht-503.http';
const SECTION = `http-errors nordlicht\\n    errorfile 503 ${PAGE}\\n\\n`;

/** A line of JSON as a collector wants it, without the balancer's own letters for how a session ended. */
const LINE = `{"time":"%tr","client":"%ci","pool":"%b","member":"%s","status":%ST,"bytes":%B,"ms":%Ta,"request":%{+Q}r}`;

type Brand = { readonly log: 'json' | 'none' | 'usual' };

/** The page of the house wherever the balancer says 503 itself, for both services. */
export const writeBrand = (lab: Lab, words: string): void =>
  writeBalancerPage(lab, PAGE, `<!doctype html><title>Nordlicht</title><h1>Nordlicht</h1><p>${words}</p>`);

/** The sed expressions for `changeBalancer` by which the frontend has that page, and another log or none. */
export const brand = ({ log }: Brand): string =>
  [
    `s|^frontend public|${SECTION}&\\n    errorfiles nordlicht|`,
    ...(log === 'json' ? [`s|^    bind :80$|&\\n    log-format '${LINE}'|`] : []),
    ...(log === 'none' ? [`s|^    bind :80$|&\\n    no log|`] : []),
  ].join('; ');

/** After the configuration is the usual one again. */
export const removeBrand = (lab: Lab): void => void lab.host('lb-1').run('rm', '-f', PAGE);
