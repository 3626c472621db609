/** Unsent bytes of all subscribers' connections together that this process may hold. */
const MAX_QUEUED_BYTES = 64 * 2 ** 20;

/** A connection that can be cut off; its client resumes where it left off. */
export type SlowReader = { cut(): void };

/** Bounds the memory that slow readers take. */
export type SendBudget = {
  /**
   * Counts bytes that are handed to a connection, and returns a function that uncounts them once they are sent. If all connections
   * together hold too many, those with the most are cut off.
   */
  add(reader: SlowReader, bytes: number): () => void;
  /** The bytes that are waiting now. */
  bytes(): number;
};

/** Creates the budget of a process. */
export function createSendBudget(): SendBudget {
  const queued = new Map<SlowReader, number>();
  let total = 0;
  const forget = (reader: SlowReader) => {
    total -= queued.get(reader) ?? 0;
    queued.delete(reader);
  };
  const cutWorst = () => {
    const [worst] = [...queued].reduce((most, each) => (each[1] > most[1] ? each : most));
    forget(worst);
    worst.cut();
  };
  return {
    add(reader, bytes) {
      total += bytes;
      queued.set(reader, (queued.get(reader) ?? 0) + bytes);
      while (total > MAX_QUEUED_BYTES) cutWorst();
      return () => {
        const left = queued.get(reader);
        if (left === undefined) return; // it was cut off
        if (left === bytes) return forget(reader);
        total -= bytes;
        queued.set(reader, left - bytes);
      };
    },
    bytes: () => total,
  };
}
