import { createHash } from 'node:crypto';

/** The contents of a table: how many rows, and a checksum of them that does not depend on the order in which they are read. */
export type TableSum = { rows: number; checksum: string };

const MASK = (1n << 128n) - 1n;

/** Computes the checksum of rows: the sum of their SHA-256 hashes, truncated to 128 bits. */
export class RowSum {
  #rows = 0;
  #sum = 0n;

  add(line: string): void {
    const hash = createHash('sha256').update(line).digest();
    this.#sum = (this.#sum + ((hash.readBigUInt64BE(0) << 64n) | hash.readBigUInt64BE(8))) & MASK;
    this.#rows += 1;
  }

  total(): TableSum {
    return { rows: this.#rows, checksum: this.#sum.toString(16).padStart(32, '0') };
  }
}

/** Returns the names of the tables in which two databases differ, each with the actual and the expected contents. */
export function compareSums(expected: Record<string, TableSum>, actual: Record<string, TableSum>): string[] {
  return Object.entries(expected)
    .filter(([name, sum]) => actual[name]?.rows !== sum.rows || actual[name].checksum !== sum.checksum)
    .map(([name, sum]) => `${name} (${actual[name]?.rows ?? 'no'} rows where ${sum.rows} were dumped)`);
}
