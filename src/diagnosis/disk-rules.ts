import { isOwnAddress } from '../checks/host/port.js';
import type { Finding } from '../model/finding.js';
import type { When } from './causal-rules.js';
import { textOf } from './case.js';
import { DISK, NO_TEMPORARY_FOLDER, OF_SERVERS_DISK } from './limit-words.js';
import { DATABASE } from './naming.js';

/** 3.1: a full disk is named by whom it hurts; a server means its own, which is this one only where it runs here. */
export const namesDisk: When = (given, downstream, upstream) =>
  (DISK.test(textOf(downstream)) && (runsHere(given, downstream, upstream) || !isServersWord(downstream))) ||
  (NO_TEMPORARY_FOLDER.test(textOf(downstream)) &&
    upstream !== null &&
    / on \/(?:tmp|var\/tmp)?(?: |$)/.test(upstream.summary));

const isServersWord = (downstream: Finding): boolean =>
  downstream.target.kind === 'dependency' || OF_SERVERS_DISK.test(textOf(downstream));

/** The server whose disk is meant stands on the host of the full one, or is not known. */
const runsHere: When = ({ service }, downstream, upstream) => {
  const { database, dependencies } = service;
  const all = [
    ...(database === undefined ? [] : [{ name: DATABASE, kind: database.kind, url: database.url }]),
    ...dependencies,
  ];
  const kind = /MISCONF|persist/i.test(textOf(downstream)) ? 'redis' : 'postgres';
  const meant = all.filter((server) =>
    downstream.target.kind === 'dependency' ? server.name === downstream.target.name : server.kind === kind,
  );
  const host = upstream?.target.kind === 'host' ? upstream.target.name.replace(/^.*@|:\d+$/g, '') : null;
  return (
    meant.length === 0 ||
    meant.some((server) => {
      const name = 'url' in server ? new URL(server.url).hostname : server.host;
      return isOwnAddress(name) || name === host || name.startsWith(`${host ?? ''}.`);
    })
  );
};
