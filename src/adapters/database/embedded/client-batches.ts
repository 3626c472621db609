import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { StatementNames } from './prepared-statements.ts';
import { awaitsResponse, endsCycle, isEncryptionRequest, isStartup, readMessages } from './protocol.ts';

/** The messages that a client sends before it waits for a response. */
export interface Batch {
  readonly bytes: Uint8Array;
  /** Outside of a transaction, another client may get the session after it. */
  readonly complete: boolean;
}

/**
 * The messages of one client, batch by batch. They are read as they arrive, even while the client waits for its turn, because otherwise
 * its disconnection would go unnoticed. A client sends one batch and waits for the response, so there is little to buffer.
 */
export class ClientBatches {
  readonly #waiting: Batch[] = [];
  #state: 'connected' | 'terminated' | 'gone' = 'connected';
  #wake = () => {};

  constructor(socket: Socket, statements: StatementNames) {
    void this.#readAll(socket, statements);
  }

  /** Returns the next batch; undefined if there is none and will be none. */
  async next(): Promise<Batch | undefined> {
    while (this.#waiting.length === 0 && this.#state === 'connected')
      await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#waiting.shift();
  }

  /**
   * Whether the client has disconnected without waiting for its responses. First lets the event loop turn twice: what arrived while the
   * database executed another client's statement has not been read yet.
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
    // A connection that breaks or violates the protocol ends here, without affecting others.
    this.#state = await readBatches(socket, statements, onBatch).catch(() => 'gone' as const);
    this.#wake();
  }
}

/**
 * Passes on what a client sends, collected until it waits for a response. Returns how it ended: by a Terminate message, or by
 * disconnecting.
 */
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
