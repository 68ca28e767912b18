type Limits = { bodies: number; bytes: number };

/** What one body holds while it is in hand. */
export type Place = {
  /** It is there, with so many bytes: from now on its place is its own. */
  arrived(bytes: number): void;
  leave(): void;
};

/**
 * Counts what is in hand, so that many senders at once cost a bounded amount of memory. Where there is no place left,
 * the body that has been on its way for longest gives way: an honest one arrives at once, and however many connections
 * send a byte now and then, they keep nobody out.
 */
export type Admission = {
  /** Null: full of bodies that are there. `giveWay` is called when the place is taken away. */
  enter(bytes: number, giveWay: () => void): Place | null;
};

type Held = { bytes: number; isThere: boolean; giveWay: () => void };

export function createAdmission({ bodies: maxBodies, bytes: maxBytes }: Limits): Admission {
  /** In the order in which they came. */
  const inside = new Set<Held>();
  let held = 0;
  const leave = (place: Held): void => {
    if (inside.delete(place)) held -= place.bytes;
  };
  const isFull = (bytes: number): boolean => inside.size >= maxBodies || held + bytes > maxBytes;
  return {
    enter(bytes, giveWay) {
      while (isFull(bytes)) {
        const slowest = [...inside].find(({ isThere }) => !isThere);
        if (slowest === undefined) return null;
        leave(slowest);
        slowest.giveWay();
      }
      const place: Held = { bytes, isThere: false, giveWay };
      inside.add(place);
      held += bytes;
      return {
        arrived: (real) => {
          if (!inside.has(place)) return;
          held += real - place.bytes;
          Object.assign(place, { bytes: real, isThere: true });
        },
        leave: () => leave(place),
      };
    },
  };
}
