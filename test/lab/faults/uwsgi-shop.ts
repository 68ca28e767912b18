import type { LabHost } from '../host.js';
import { runOtherShopOn } from './other-shop.js';

/** The shop's own code under uWSGI, with these options. */
export const runUwsgiShop = (host: LabHost, ...options: readonly string[]): void => {
  const command = [
    '/usr/bin/uwsgi --plugin python3 --http-socket 127.0.0.1:8000 --module app:application',
    '--master --die-on-term --disable-logging',
    ...options,
  ];
  runOtherShopOn(host, { unit: [`ExecStart=${command.join(' ')}`] });
};
