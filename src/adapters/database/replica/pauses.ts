const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** The times after failures in which nothing is read from the replica. */
export type Pauses = {
  /** Begins one, unless one is under way: twice as long as the one before, unless all was well since for longer than the longest. */
  begin(reason: string): void;
  /** Why there is one at the moment, else null. */
  reason(): string | null;
};

export function createPauses(): Pauses {
  let present = '';
  let lengthMs = 0;
  let endsAt = Number.NEGATIVE_INFINITY;
  const isUnderWay = () => performance.now() < endsAt;
  return {
    begin(reason) {
      if (isUnderWay()) return;
      const wasWell = performance.now() - endsAt > LONGEST_MS;
      lengthMs = wasWell ? FIRST_MS : Math.min(2 * lengthMs, LONGEST_MS);
      endsAt = performance.now() + lengthMs;
      present = reason;
    },
    reason: () => (isUnderWay() ? present : null),
  };
}
