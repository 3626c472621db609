const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** The periods after failures in which nothing is read from the replica. */
export type Pauses = {
  /**
   * Begins a pause, unless one is in progress: twice as long as the previous one, unless there was no failure for longer than the longest
   * pause.
   */
  begin(reason: string): void;
  /** The reason for the current pause; null if there is none. */
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
