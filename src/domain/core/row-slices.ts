/**
 * Bytes of the rows that one statement writes. Most of its time goes into search vectors: on the embedded database, where everybody
 * waits for it, 11 ms for English, and 95 ms if all words are new and distinct.
 */
const SLICE_BYTES = 32 * 1024;

/** Splits rows into slices of at most SLICE_BYTES in all, in their order; a row that is larger is a slice of its own. */
export function sliceByBytes<Row>(rows: Iterable<Row>, bytesOf: (row: Row) => number): Row[][] {
  const slices: Row[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const rowBytes = bytesOf(row);
    bytes += rowBytes;
    if (bytes > SLICE_BYTES) {
      slices.push([]);
      bytes = rowBytes;
    }
    slices.at(-1)?.push(row);
  }
  return slices;
}
