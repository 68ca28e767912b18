import type { Site } from './site.js';

/** One way to get the nine readings of every host. */
export type Tool = {
  name: string;
  /** What must be installed, with its Debian package. */
  needs?: { program: string; package: string };
  /** Takes minutes with many hosts: fewer runs. */
  slow?: true;
  /** Logged in, warmed up, files written: what is not measured. */
  prepare(site: Site, hosts: readonly string[]): Promise<Session>;
};

export type Session = {
  /** One look at all hosts, in milliseconds; throws when an answer of a host is missing. */
  look(): Promise<number>;
  /** CPU time, in milliseconds, of all that ran for this tool on the caller's side until now. */
  cpuMs(): number;
  /** Memory of all its processes together, now. */
  memoryBytes(): number;
  stop(): Promise<void>;
};
