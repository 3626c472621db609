import type { Database } from '#adapters/database/database.ts';
import { Unavailable } from './errors.ts';
import type { Tx } from './transaction.ts';

/** What an import writes: `begin` inserts a hidden parent row, and `insert` the rows of a slice under it. */
export type ImportSteps<Slice> = {
  slices: readonly Slice[];
  begin(db: Tx): Promise<unknown>;
  insert(db: Tx, slice: Slice): Promise<unknown>;
};

/** An import that takes longer than this cannot finish. What it wrote is removed once it is twice as old. */
export const MAX_IMPORT_MINUTES = 30;

/**
 * An import of more rows than one transaction should write, because others would wait for its end. Most rows are written ahead, one
 * slice per transaction; the last slice is written by the transaction that makes all of them visible.
 */
export class SlicedImport<Slice> {
  readonly #steps: ImportSteps<Slice>;
  #writtenAhead = 0;

  constructor(steps: ImportSteps<Slice>) {
    this.#steps = steps;
  }

  /** Whether the rows are too many for one transaction. */
  get isLong(): boolean {
    return this.#steps.slices.length > 1;
  }

  /** Writes all but the last slice, each in a transaction of its own. Throws the signal's reason. */
  async writeAhead({ prisma }: Pick<Database, 'prisma'>, signal?: AbortSignal): Promise<void> {
    const { slices, begin, insert } = this.#steps;
    await begin(prisma);
    for (const slice of slices.slice(0, -1)) {
      signal?.throwIfAborted();
      await insert(prisma, slice);
      this.#writtenAhead += 1;
    }
  }

  /**
   * Writes the remaining rows. `publish` makes the import visible, unless it is older than MAX_IMPORT_MINUTES, and returns how many
   * rows it changed. Throws Unavailable if that is none.
   */
  async finish(tx: Tx, publish: () => Promise<number>): Promise<void> {
    const { slices, begin, insert } = this.#steps;
    if (this.#writtenAhead === 0) await begin(tx);
    for (const slice of slices.slice(this.#writtenAhead)) await insert(tx, slice);
    if ((await publish()) === 0) throw new Unavailable();
  }
}

/** The target of imports: a row of `table`, which stays hidden while it has no `owner`, and the `rows` that name it as `parent`. */
export type ImportTarget = { table: string; owner: string; rows: string; parent: string };

/** Rows that one statement removes: on the embedded database, others wait for it. */
const ROWS_AT_ONCE = 1_000;

/**
 * Removes hidden rows, a few at a time: the rows `ids` of the target's table, and what unfinished imports have left behind. Safe to run
 * concurrently.
 */
export async function removeUnseen(
  { sql }: Pick<Database, 'sql'>,
  { table, owner, rows, parent }: ImportTarget,
  ids: readonly string[] = [],
): Promise<void> {
  const unseen = `h.${owner} IS NULL
    AND (h.id = ANY($1::uuid[]) OR h.created_at < now() - ${2 * MAX_IMPORT_MINUTES} * interval '1 minute')`;
  const removeSome = `DELETE FROM ${rows} WHERE id IN (
    SELECT r.id FROM ${table} h JOIN ${rows} r ON r.${parent} = h.id WHERE ${unseen} LIMIT ${ROWS_AT_ONCE}) RETURNING id`;
  for (let removed = ROWS_AT_ONCE; removed === ROWS_AT_ONCE; ) removed = (await sql(removeSome, [ids])).length;
  await sql(`DELETE FROM ${table} h WHERE ${unseen}`, [ids]);
}
