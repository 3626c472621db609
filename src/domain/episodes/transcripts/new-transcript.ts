import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { Unavailable } from '#domain/core/errors.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { insertSegmentRows } from './segment-rows.ts';
import { MAX_IMPORT_MINUTES } from './unused-transcripts.ts';

/** A transcript that is being written. Nobody sees any of it before the commit of `finish`. */
export class NewTranscript {
  readonly id = uuidv7();
  readonly #deps: Pick<Deps, 'database' | 'actor'>;
  readonly #slices: readonly Uint8Array[];
  #writtenAhead = 0;

  /** `slices` are those of encodeSegmentRows. */
  constructor(deps: Pick<Deps, 'database' | 'actor'>, slices: readonly Uint8Array[]) {
    this.#deps = deps;
    this.#slices = slices;
  }

  /** Whether it is too much for one transaction: others would wait too long for its end. */
  get isLong(): boolean {
    return this.#slices.length > 1;
  }

  /** Writes all but the last slice, each in a transaction of its own. Throws the signal's reason. */
  async writeAhead(signal: AbortSignal | undefined): Promise<void> {
    const { prisma } = this.#deps.database;
    await prisma.transcript.create({ data: { id: this.id } });
    for (const slice of this.#slices.slice(0, -1)) {
      signal?.throwIfAborted();
      await this.#insert(prisma, slice);
      this.#writtenAhead += 1;
    }
  }

  /** Writes what is left, and makes the transcript the episode's. Throws Unavailable where it took too long. */
  async finish(tx: Tx, episodeId: string): Promise<void> {
    if (this.#writtenAhead === 0) await tx.transcript.create({ data: { id: this.id } });
    for (const slice of this.#slices.slice(this.#writtenAhead)) await this.#insert(tx, slice);
    const finished = await tx.$executeRaw`UPDATE transcripts SET episode_id = ${episodeId}::uuid
      WHERE id = ${this.id}::uuid AND created_at > now() - ${MAX_IMPORT_MINUTES} * interval '1 minute'`;
    if (finished === 0) throw new Unavailable();
  }

  #insert(db: Pick<Tx, '$executeRaw'>, slice: Uint8Array): Promise<void> {
    return insertSegmentRows(db, { transcriptId: this.id, ownerId: this.#deps.actor.userId }, slice);
  }
}
