import type { Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { StatementNames } from './prepared-statements.ts';
import {
  awaitsResponse,
  encodeQuery,
  endsCycle,
  isEncryptionRequest,
  isStartup,
  readMessages,
  readTransactionStatus,
} from './protocol.ts';

/**
 * PGlite's one session, which one connection has at a time: for a batch of messages up to its Sync, and for a whole
 * transaction. (pglite-socket 0.2.17 switches after single messages: of 600 concurrent queries, a third of them larger
 * than 64 KiB, 74 failed and others returned rows for another client's parameters. Hence this file.)
 *
 * So transactions run one after another, and one that stays open keeps everybody waiting. What belongs to a session is
 * common to all connections: settings by SET, temporary tables, session advisory locks (which therefore exclude
 * nobody). Notifications are not delivered, a running statement cannot be cancelled, statement_timeout does not fire.
 * COPY FROM STDIN ends the database.
 */
export class SharedSession {
  readonly #db: PGlite;
  #lastRelease = Promise.resolve();
  #connections = 0;

  constructor(db: PGlite) {
    this.#db = db;
  }

  /** Serves one client until it goes, in whatever way. Rejects only when PGlite itself breaks. */
  async serve(socket: Socket): Promise<void> {
    const statements = new StatementNames(this.#connections++);
    let release: (() => void) | undefined;
    for await (const { bytes, complete } of readBatches(socket, statements)) {
      release ??= await this.#acquire();
      const response = await this.#send(bytes);
      if (socket.writable) socket.write(response);
      if (complete && readTransactionStatus(response) === 'I') {
        release();
        release = undefined;
      }
    }
    release ??= await this.#acquire();
    await this.#cleanUpAfter(statements);
    release();
  }

  /** Removes all that a client left, which may have gone in the middle of a batch or a transaction. */
  async #cleanUpAfter(statements: StatementNames): Promise<void> {
    await this.#send(statements.closeAll());
    if (this.#db.isInTransaction()) await this.#send(encodeQuery('ROLLBACK'));
  }

  async #send(bytes: Uint8Array): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    // Copies: what PGlite hands over is a view of its memory, which the next message overwrites.
    await this.#db.execProtocolRawStream(bytes, { onRawData: (part) => parts.push(Uint8Array.from(part)) });
    return Buffer.concat(parts);
  }

  /** Waits for the session, first come first served. Returns how to release it. */
  async #acquire(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#lastRelease;
    this.#lastRelease = promise;
    await before;
    return resolve;
  }
}

interface Batch {
  readonly bytes: Uint8Array;
  /** Outside a transaction, the session may go to another client after it. */
  readonly complete: boolean;
}

/** Yields what a client sends, gathered until it waits for a response. */
async function* readBatches(socket: Socket, statements: StatementNames): AsyncGenerator<Batch> {
  let gathered: Buffer[] = [];
  try {
    for await (const { type, bytes } of readMessages(socket)) {
      if (type === 'X') return;
      if (type === '') {
        if (isStartup(bytes)) yield { bytes, complete: true };
        else if (isEncryptionRequest(bytes)) socket.write('N');
        else return;
        continue;
      }
      gathered.push(statements.rename(type, bytes));
      if (!awaitsResponse(type)) continue;
      yield { bytes: Buffer.concat(gathered), complete: endsCycle(type) };
      gathered = [];
    }
  } catch {
    // A connection that breaks or speaks nonsense ends here and concerns nobody else.
  } finally {
    socket.destroy();
  }
}
