import type { JobChange } from '#domain/core/job-hooks.ts';
import type { Json, Tx } from '#domain/core/transaction.ts';

/** How far an attempt is: a fraction from 0 to 1, and in words for people. */
export type Progress = { fraction: number; stage: string | null; message: string | null };

/** What the code that runs a job knows of it, and all it may do to it. */
export type RunningJob = {
  id: string;
  /** Aborts when the job is cancelled, in other hands, or when the worker stops. Whoever runs it then gives up soon. */
  signal: AbortSignal;
  /** `fraction` from 0 to 1, of the attempt; a lower one than before is not shown. Written at most 4 times a second. */
  reportProgress(update: { fraction: number; stage?: string | undefined; message?: string | undefined }): void;
  /**
   * A transaction in which nobody else can take the job or cancel it; `lockFirst` takes what is locked before jobs. Throws AttemptEnded
   * where somebody did before.
   */
  writeFenced<T>(run: (change: JobChange) => Promise<T>, lockFirst?: (tx: Tx) => Promise<unknown>): Promise<T>;
  /**
   * Says, in a transaction of `writeFenced`, that something is done which no later attempt does again: the attempts so far do not count any
   * more, so the job may be tried as often as in the beginning.
   */
  giveAttemptsBack(tx: Tx): Promise<void>;
  /**
   * The same as `writeFenced` for what is written too often for a transaction: one statement, which reads `FROM attempt`, a table of one
   * row; its own parameters begin with $3. Returns the rows; throws AttemptEnded where that is nothing for this reason.
   */
  queryFenced<Row extends Record<string, unknown>>(text: string, values: readonly unknown[]): Promise<Row[]>;
  /**
   * The last act: like `writeFenced`, and the job has SUCCEEDED in the same transaction, with the answer as its
   * result. So what it writes is there once, however often the job runs.
   */
  finish(run: (change: JobChange) => Promise<Json | undefined>): Promise<void>;
  /**
   * Another last act: the job sleeps until then, or until `wakeJob` where that is null, and is run again from its beginning. What
   * woke it while it ran makes it run at once.
   */
  sleep(until: Date | null): Promise<void>;
};

/**
 * An attempt has nothing more to do: its job was cancelled, is in other hands (or gone), or its worker stops; or what it
 * works on is gone, which whoever runs it says.
 */
export class AttemptEnded extends Error {
  override name = 'AttemptEnded';
  readonly because: 'cancelled' | 'superseded' | 'stopping' | 'targetGone';

  constructor(because: AttemptEnded['because']) {
    super(`The attempt is over: ${because}.`);
    this.because = because;
  }
}
