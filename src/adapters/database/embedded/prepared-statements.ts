import { encodeClose, encodeSync } from './protocol.ts';

/**
 * The names of one connection's prepared statements, made unique in the session that all connections share. Without
 * this, of two clients that prepare "conversations_by_id" the second would fail, as it exists already.
 */
export class StatementNames {
  readonly #prefix: string;
  readonly #names = new Map<string, string>();

  constructor(connection: number) {
    this.#prefix = `c${connection}_`;
  }

  /** Returns a client's message with the shared name in it; unnamed statements stay unnamed. */
  rename(type: string, bytes: Buffer): Buffer {
    const start = findNameStart(type, bytes);
    if (start === undefined || bytes[start] === 0) return bytes;
    const end = bytes.indexOf(0, start);
    const name = this.#sharedName(bytes.toString('latin1', start, end));
    const renamed = Buffer.concat([bytes.subarray(0, start), Buffer.from(name), bytes.subarray(end)]);
    renamed.writeInt32BE(renamed.length - 1, 1);
    return renamed;
  }

  /**
   * Returns the messages that free all that the connection prepared. A Sync is first, as after an error all else is
   * skipped.
   */
  closeAll(): Buffer {
    return Buffer.concat([encodeSync(), ...Array.from(this.#names.values(), encodeClose), encodeSync()]);
  }

  /** Short, as PostgreSQL looks at the first 63 bytes of a name only. */
  #sharedName(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const shared = this.#prefix + this.#names.size;
    this.#names.set(name, shared);
    return shared;
  }
}

/** Returns where in a message the name of a prepared statement begins; undefined for messages without one. */
function findNameStart(type: string, bytes: Buffer): number | undefined {
  if (type === 'P') return 5;
  if (type === 'B') return bytes.indexOf(0, 5) + 1;
  if ((type === 'D' || type === 'C') && bytes[5] === 'S'.charCodeAt(0)) return 6;
  return undefined;
}
