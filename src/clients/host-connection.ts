import type { Duplex } from 'node:stream';

/** Opens connections where the app stands (through a host) or where the worker stands. */
export type Network = {
  /** The host's name, or `worker`. */
  readonly name: string;
  /** Throws ClientError: `unreachable` (refused, no such name, no route), `timeout`, `denied` (forwarding not allowed). */
  connect(to: { host: string; port: number }, signal: AbortSignal): Promise<Duplex>;
  connectUnix(path: string, signal: AbortSignal): Promise<Duplex>;
};

export type ExecResult = {
  /** Null when the connection ended before the command did: unknown, never "ok". */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** True when output was cut at the cap. */
  truncated: boolean;
};

export type RunOptions = {
  signal: AbortSignal;
  /** Of standard output; what comes after it is thrown away and the command ended. */
  maxBytes: number;
  /** See output as it comes, decoded or as the bytes that they are. */
  onStdout?: (chunk: string) => void;
  onBytes?: (chunk: Buffer) => void;
};

/** One open way to a host. All I/O has a deadline by `signal`; errors are ClientError. */
export type HostConnection = {
  readonly host: string;
  readonly network: Network;
  /** Feeds `script` to one `sh` on its standard input. */
  runScript(script: string, options: RunOptions): Promise<ExecResult>;
  close(): void;
};

/** Opens (or reuses) connections by the inventory's host name. */
export type HostConnector = {
  connect(host: string, signal: AbortSignal): Promise<HostConnection>;
  closeAll(): Promise<void>;
};
