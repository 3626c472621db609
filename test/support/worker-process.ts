import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';

export type FromWorker =
  | { event: 'ready' }
  | { event: 'begun'; jobId: string; atMs: number }
  | { event: 'aborted'; jobId: string; reason: string }
  | { event: 'threw'; jobId: string; reason: string }
  | { event: 'ended'; jobId: string };

export type ToWorker = { order: 'release' } | { order: 'stop'; graceMs: number };

/** A process that works on jobs, and the messages that it has sent so far. */
export class WorkerProcess {
  readonly messages: FromWorker[] = [];
  readonly #child: ChildProcess;
  readonly #news = new EventEmitter();

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: FromWorker) => {
      this.messages.push(message);
      this.#news.emit('news');
    });
    child.once('exit', () => this.#news.emit('news'));
  }

  /** Resolves when it looks for jobs. */
  static async start(databaseUrl: string, env: Record<string, string> = {}): Promise<WorkerProcess> {
    const child = fork(join(import.meta.dirname, 'worker-process-main.ts'), {
      env: { ...process.env, DATABASE_URL: databaseUrl, ...env },
      execArgv: [],
    });
    const worker = new WorkerProcess(child);
    await worker.waitFor('ready');
    return worker;
  }

  /** The first message of this kind, about this job where one is given; waits for it. */
  async waitFor<Event extends FromWorker['event']>(
    event: Event,
    jobId?: string,
  ): Promise<Extract<FromWorker, { event: Event }>> {
    for (;;) {
      const found = this.messages.find(
        (message) => message.event === event && (!jobId || ('jobId' in message && message.jobId === jobId)),
      );
      if (found) return found as Extract<FromWorker, { event: Event }>;
      if (this.#hasExited()) throw new Error(`The worker process is gone; it never sent the event ${event}.`);
      await once(this.#news, 'news');
    }
  }

  /** Lets the tasks that wait go on. */
  release(): void {
    this.#child.send({ order: 'release' } satisfies ToWorker);
  }

  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  /** As on SIGTERM, with a shorter grace. */
  async stop(graceMs: number): Promise<void> {
    this.#child.send({ order: 'stop', graceMs } satisfies ToWorker);
    await this.#exit();
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit();
  }

  async #exit(): Promise<void> {
    if (!this.#hasExited()) await once(this.#child, 'exit');
  }

  #hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
