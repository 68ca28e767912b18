/** Between the benchmark and the process that holds diag503. */
export type Question = { what: 'reads' | 'diagnosis'; service: string; warm: boolean };

export type Answer = {
  wallMs: number;
  /** Readings that could not be taken. */
  problems: string[];
  verdict: { status: string; cause: string | null; checks: string[] } | null;
  /** Hosts that were reached. */
  reached: number;
};
