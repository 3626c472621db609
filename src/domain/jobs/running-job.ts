import type { JobChange } from '#domain/core/job-hooks.ts';
import type { Json, Tx } from '#domain/core/transaction.ts';

/** The progress of an attempt: a fraction from 0 to 1, and words for people. */
export type Progress = { fraction: number; stage: string | null; message: string | null };

/** A job from the point of view of the function that runs it. */
export type RunningJob = {
  id: string;
  /** Aborts when the job is cancelled, when another worker has claimed it, or when this worker stops. The function then has to end soon. */
  signal: AbortSignal;
  /** Reports the `fraction` of the attempt that is done, from 0 to 1; it is never shown to fall. Written at most 4 times a second. */
  reportProgress(update: { fraction: number; stage?: string | undefined; message?: string | undefined }): void;
  /**
   * Runs a transaction during which nobody else can claim or cancel the job. `lockFirst` takes the locks that come before jobs in the
   * lock order. Throws AttemptEnded if somebody has claimed or cancelled it before.
   */
  writeFenced<T>(run: (change: JobChange) => Promise<T>, lockFirst?: (tx: Tx) => Promise<unknown>): Promise<T>;
  /**
   * Records, in a transaction of `writeFenced`, that something is done which no later attempt repeats. Resets the count of attempts, so
   * the job may be tried as often as in the beginning.
   */
  giveAttemptsBack(tx: Tx): Promise<void>;
  /**
   * Like `writeFenced`, for writes that are too frequent for a transaction: runs one statement that reads `FROM attempt`, a table of one
   * row; the statement's own parameters begin with $3. Returns the rows; throws AttemptEnded if there are none because the attempt has
   * ended.
   */
  queryFenced<Row extends Record<string, unknown>>(text: string, values: readonly unknown[]): Promise<Row[]>;
  /**
   * Ends the job: like `writeFenced`, and the job has SUCCEEDED in the same transaction, with the returned value as its result. So its
   * writes take effect once, however often the job runs.
   */
  finish(run: (change: JobChange) => Promise<Json | undefined>): Promise<void>;
  /**
   * Ends the run, but not the job: it sleeps until a time, or with null until `wakeJob`, and then runs again from its beginning. If it was
   * woken while it ran, it runs again at once.
   */
  sleep(until: Date | null): Promise<void>;
};

/**
 * An attempt has nothing more to do: its job was cancelled, is gone or claimed by another worker, its user was suspended, or its worker
 * stops. The function that runs the job throws it itself if the target of the job is gone.
 */
export class AttemptEnded extends Error {
  override name = 'AttemptEnded';
  readonly because: 'cancelled' | 'suspended' | 'superseded' | 'stopping' | 'targetGone';

  constructor(because: AttemptEnded['because']) {
    super(`The attempt is over: ${because}.`);
    this.because = because;
  }
}
