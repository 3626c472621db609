import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { StatementNames } from './prepared-statements.ts';
import { awaitsResponse, endsCycle, isEncryptionRequest, isStartup, readMessages } from './protocol.ts';

/** What a client sends until it waits for a response. */
export interface Batch {
  readonly bytes: Uint8Array;
  /** Outside a transaction, the session may go to another client after it. */
  readonly complete: boolean;
}

/**
 * What one client sends, batch by batch. It is read as it comes, also while the client waits for its turn: only so does its end
 * become known. A client sends one batch and waits for the response, so there is little to keep.
 */
export class ClientBatches {
  readonly #waiting: Batch[] = [];
  #state: 'connected' | 'terminated' | 'gone' = 'connected';
  #wake = () => {};

  constructor(socket: Socket, statements: StatementNames) {
    void this.#readAll(socket, statements);
  }

  /** Returns the next batch; undefined where there is none and will be none. */
  async next(): Promise<Batch | undefined> {
    while (this.#waiting.length === 0 && this.#state === 'connected')
      await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#waiting.shift();
  }

  /**
   * Whether the client has gone without waiting for its responses. Lets the event loop turn twice before: what came while the
   * database ran somebody else's statement has not been read yet.
   */
  async hasGone(): Promise<boolean> {
    await setImmediate();
    await setImmediate();
    return this.#state === 'gone';
  }

  async #readAll(socket: Socket, statements: StatementNames): Promise<void> {
    const onBatch = (batch: Batch) => {
      this.#waiting.push(batch);
      this.#wake();
    };
    // A connection that breaks or speaks nonsense ends here and concerns nobody else.
    this.#state = await readBatches(socket, statements, onBatch).catch(() => 'gone' as const);
    this.#wake();
  }
}

/** Hands on what a client sends, gathered until it waits for a response. Returns how it ended: by saying so, or by going. */
async function readBatches(
  socket: Socket,
  statements: StatementNames,
  onBatch: (batch: Batch) => void,
): Promise<'terminated' | 'gone'> {
  let gathered: Buffer[] = [];
  for await (const { type, bytes } of readMessages(socket.iterator({ destroyOnReturn: false }))) {
    if (type === 'X') return 'terminated';
    if (type === '') {
      if (isStartup(bytes)) onBatch({ bytes, complete: true });
      else if (isEncryptionRequest(bytes)) socket.write('N');
      else return 'gone';
      continue;
    }
    gathered.push(statements.rename(type, bytes));
    if (!awaitsResponse(type)) continue;
    onBatch({ bytes: Buffer.concat(gathered), complete: endsCycle(type) });
    gathered = [];
  }
  return 'gone';
}
