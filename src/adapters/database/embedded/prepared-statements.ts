import { encodeClose, encodeSync } from './protocol.ts';

/**
 * The names of one connection's prepared statements, made unique in the session that all connections share. Otherwise, if two clients
 * prepare "conversations_by_id", the second would fail because it already exists.
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
   * Returns the messages that free everything that the connection prepared. They begin with a Sync, because after an error everything
   * else is skipped.
   */
  closeAll(): Buffer {
    return Buffer.concat([encodeSync(), ...Array.from(this.#names.values(), encodeClose), encodeSync()]);
  }

  /** Short, because PostgreSQL only uses the first 63 bytes of a name. */
  #sharedName(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const shared = this.#prefix + this.#names.size;
    this.#names.set(name, shared);
    return shared;
  }
}

/** Returns the position of the prepared statement's name in a message; undefined for messages without one. */
function findNameStart(type: string, bytes: Buffer): number | undefined {
  if (type === 'P') return 5;
  if (type === 'B') return bytes.indexOf(0, 5) + 1;
  if ((type === 'D' || type === 'C') && bytes[5] === 'S'.charCodeAt(0)) return 6;
  return undefined;
}
