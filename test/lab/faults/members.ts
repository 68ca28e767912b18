import type { Lab } from '../lab.js';
import { WEB } from '../topology.js';
import { askBalancer } from '../wellness.js';

type Pool = 'shop' | 'desk';
type Web = (typeof WEB)[number];

/** Sets members aside on the balancer, as a deploy or a person does. */
export const setAside = (
  lab: Lab,
  pool: Pool,
  state: 'drain' | 'maint',
  members: readonly Web[] = WEB,
): void => members.forEach((member) => askBalancer(lab, `set server ${pool}/${member} state ${state}`));

export const setReady = (lab: Lab, pool: Pool, members: readonly Web[] = WEB): void =>
  members.forEach((member) => askBalancer(lab, `set server ${pool}/${member} state ready`));

/** The balancer goes on sending requests to whatever is there: users then see what the proxy on the host says. */
export const stopChecking = (lab: Lab, pool: Pool): void =>
  WEB.forEach((member) => askBalancer(lab, `disable health ${pool}/${member}`));

export const checkAgain = (lab: Lab, pool: Pool): void =>
  WEB.forEach((member) => askBalancer(lab, `enable health ${pool}/${member}`));
