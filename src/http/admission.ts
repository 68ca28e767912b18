type Limits = { bodies: number; bytes: number };

/** Counts what is in hand, so that many senders at once cost a bounded amount of memory. */
export type Admission = {
  /** Null: full. Else to be called once when the body is no longer needed. */
  enter(bytes: number): (() => void) | null;
};

export function createAdmission({ bodies: maxBodies, bytes: maxBytes }: Limits): Admission {
  let bodies = 0;
  let held = 0;
  return {
    enter(bytes) {
      if (bodies >= maxBodies || held + bytes > maxBytes) return null;
      bodies += 1;
      held += bytes;
      let inside = true;
      return () => {
        if (!inside) return;
        inside = false;
        bodies -= 1;
        held -= bytes;
      };
    },
  };
}
