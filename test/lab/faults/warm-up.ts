import { setTimeout as sleep } from 'node:timers/promises';
import { endLoad, startLoad } from './load.js';

/** Each worker of the shop opens its session of the database with the first page that it serves: none is left without one. */
export async function warmUp(): Promise<void> {
  startLoad('http://shop.lab.test/', 24);
  await sleep(5000);
  endLoad();
}
