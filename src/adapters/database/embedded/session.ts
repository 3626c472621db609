import type { Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { ClientBatches } from './client-batches.ts';
import { StatementNames } from './prepared-statements.ts';
import { encodeQuery, readTransactionStatus } from './protocol.ts';

/**
 * PGlite's only session, which one connection has at a time: for a batch of messages up to its Sync, and for a whole transaction.
 * (pglite-socket 0.2.17 switches after single messages: of 600 concurrent queries, a third of them larger than 64 KiB, 74 failed and
 * others returned rows for another client's parameters. Hence this file.)
 *
 * So transactions run one after another, and an open one makes everybody wait. Session state is common to all connections: settings by
 * SET, temporary tables, session advisory locks (which therefore exclude nobody). Notifications are not delivered, a running statement
 * cannot be cancelled, and statement_timeout has no effect. COPY FROM STDIN ends the database.
 */
export class SharedSession {
  readonly #db: PGlite;
  #lastRelease = Promise.resolve();
  #connections = 0;

  constructor(db: PGlite) {
    this.#db = db;
  }

  /**
   * Serves one client until it disconnects, in whatever way. Batches that it had sent but that have not started are not executed then,
   * because it has told its user that the outcome is unknown. Rejects only when PGlite itself breaks.
   */
  async serve(socket: Socket): Promise<void> {
    const statements = new StatementNames(this.#connections++);
    const batches = new ClientBatches(socket, statements);
    let release: (() => void) | undefined;
    for (let batch = await batches.next(); batch; batch = await batches.next()) {
      if (!release) {
        release = await this.#acquire();
        if (await batches.hasGone()) break;
      }
      const response = await this.#send(batch.bytes);
      if (socket.writable) socket.write(response);
      if (batch.complete && readTransactionStatus(response) === 'I') {
        release();
        release = undefined;
      }
    }
    socket.destroy();
    release ??= await this.#acquire();
    await this.#cleanUpAfter(statements);
    release();
  }

  /** Cleans up after a client, which may have disconnected in the middle of a batch or a transaction. */
  async #cleanUpAfter(statements: StatementNames): Promise<void> {
    await this.#send(statements.closeAll());
    if (this.#db.isInTransaction()) await this.#send(encodeQuery('ROLLBACK'));
  }

  async #send(bytes: Uint8Array): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    // Copies, because PGlite returns a view of its memory, which the next message overwrites.
    await this.#db.execProtocolRawStream(bytes, { onRawData: (part) => parts.push(Uint8Array.from(part)) });
    return Buffer.concat(parts);
  }

  /** Waits for the session, first come first served. Returns a function that releases it. */
  async #acquire(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#lastRelease;
    this.#lastRelease = promise;
    await before;
    return resolve;
  }
}
