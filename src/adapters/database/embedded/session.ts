import type { Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { StatementNames } from './prepared-statements.ts';
import {
  awaitsAnswer,
  clientMessages,
  endsCycle,
  isEncryptionRequest,
  isStartup,
  queryMessage,
  transactionStatus,
} from './protocol.ts';

/**
 * PGlite's one session, lent to one connection at a time: for a batch of messages up to its Sync, and for a whole
 * transaction. (pglite-socket 0.2.17 lends it for single messages: of 600 concurrent queries, a third of them larger
 * than 64 KiB, 74 failed and others were answered with a stranger's parameters. Hence this file.)
 *
 * So transactions run one after another, and one that stays open keeps everybody waiting. What belongs to a session is
 * common to all connections: settings by SET, temporary tables, session advisory locks (which therefore exclude
 * nobody). Notifications are not delivered, a running statement cannot be cancelled, statement_timeout does not fire.
 * COPY FROM STDIN ends the database.
 */
export class SharedSession {
  readonly #db: PGlite;
  #lastTurn = Promise.resolve();
  #connections = 0;

  constructor(db: PGlite) {
    this.#db = db;
  }

  /** Serves one client until it goes, in whatever way. Rejects only when PGlite itself breaks. */
  async serve(socket: Socket): Promise<void> {
    const statements = new StatementNames(this.#connections++);
    let release: (() => void) | undefined;
    for await (const { bytes, complete } of batches(socket, statements)) {
      release ??= await this.#take();
      const answer = await this.#send(bytes);
      if (socket.writable) socket.write(answer);
      if (complete && transactionStatus(answer) === 'I') {
        release();
        release = undefined;
      }
    }
    release ??= await this.#take();
    await this.#forget(statements);
    release();
  }

  /** Leaves nothing of a client that is gone, perhaps in the middle of a batch or a transaction of its own. */
  async #forget(statements: StatementNames): Promise<void> {
    await this.#send(statements.closeAll());
    if (this.#db.isInTransaction()) await this.#send(queryMessage('ROLLBACK'));
  }

  async #send(bytes: Uint8Array): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    // Copies: what PGlite hands over is a view of its memory, which the next message overwrites.
    await this.#db.execProtocolRawStream(bytes, { onRawData: (part) => parts.push(Uint8Array.from(part)) });
    return Buffer.concat(parts);
  }

  /** Waits for the session, first come first served; calling the result passes it on. */
  async #take(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#lastTurn;
    this.#lastTurn = promise;
    await before;
    return resolve;
  }
}

interface Batch {
  readonly bytes: Uint8Array;
  /** Outside a transaction, the session may go to another client after it. */
  readonly complete: boolean;
}

/** What a client sends, gathered until it waits for an answer. */
async function* batches(socket: Socket, statements: StatementNames): AsyncGenerator<Batch> {
  let gathered: Buffer[] = [];
  try {
    for await (const { type, bytes } of clientMessages(socket)) {
      if (type === 'X') return;
      if (type === '') {
        if (isStartup(bytes)) yield { bytes, complete: true };
        else if (isEncryptionRequest(bytes)) socket.write('N');
        else return;
        continue;
      }
      gathered.push(statements.rename(type, bytes));
      if (!awaitsAnswer(type)) continue;
      yield { bytes: Buffer.concat(gathered), complete: endsCycle(type) };
      gathered = [];
    }
  } catch {
    // A connection that breaks or speaks nonsense ends here and concerns nobody else.
  } finally {
    socket.destroy();
  }
}
