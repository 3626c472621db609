import { Conflict } from '#domain/core/errors.ts';

/** The request that writes an upload in this process. */
export type UploadWriter = Disposable & {
  /** Ends it: what it has written stays. */
  stop(): void;
  /** Yields a body until the writer is stopped. Throws Conflict then. */
  watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
};

/** The requests of this process that write uploads: one for each upload at a time. */
export type UploadWriters = {
  /** Ends whoever writes the upload, waits until they are gone, and begins. Throws Conflict where another comes meanwhile. */
  begin(id: string): Promise<UploadWriter>;
  /** Ends all of them; what has come stays, and their clients go on elsewhere. */
  stopAll(): void;
};

type Entry = UploadWriter & { gone: Promise<void>; stopped: AbortSignal };

/** Creates the writers of a process. */
export function createUploadWriters(): UploadWriters {
  const writers = new Map<string, Entry>();
  return {
    async begin(id) {
      const before = writers.get(id);
      const writer = createWriter(() => {
        if (writers.get(id) === writer) writers.delete(id);
      });
      writers.set(id, writer);
      before?.stop();
      await before?.gone;
      if (!writer.stopped.aborted) return writer;
      writer[Symbol.dispose]();
      throw createSuperseded();
    },
    stopAll() {
      for (const writer of writers.values()) writer.stop();
    },
  };
}

const createSuperseded = () => new Conflict('Another request goes on with this upload; ask it how far it is.');

function createWriter(onGone: () => void): Entry {
  const stopping = new AbortController();
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  return {
    gone,
    stopped: stopping.signal,
    stop: () => stopping.abort(),
    async *watch(body) {
      const bytes = body[Symbol.asyncIterator]();
      for (;;) {
        const next = await unlessStopped(stopping.signal, bytes);
        if (next.done) return;
        yield next.value;
      }
    },
    [Symbol.dispose]() {
      onGone();
      resolve();
    },
  };
}

/**
 * Returns the next bytes of a body. Throws Conflict when the writer is stopped. Each race has a promise of its own: one that lives as
 * long as the upload would keep all that ever came (measured: 498 MB of 500).
 */
async function unlessStopped(
  stopped: AbortSignal,
  bytes: AsyncIterator<Uint8Array>,
): Promise<IteratorResult<Uint8Array>> {
  if (stopped.aborted) throw createSuperseded();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(createSuperseded());
  stopped.addEventListener('abort', stop);
  try {
    return await Promise.race([promise, bytes.next()]);
  } finally {
    stopped.removeEventListener('abort', stop);
  }
}
