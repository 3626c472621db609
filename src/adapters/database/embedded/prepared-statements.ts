import { closeMessage, syncMessage } from './protocol.ts';

/**
 * The names of one connection's prepared statements, made unique in the session that all connections share. Without
 * this, two clients that both prepare "conversations_by_id" would be told it exists already.
 */
export class StatementNames {
  readonly #prefix: string;
  readonly #names = new Map<string, string>();

  constructor(connection: number) {
    this.#prefix = `c${connection}_`;
  }

  /** The same message of the client under the shared name; unnamed statements stay unnamed. */
  rename(type: string, bytes: Buffer): Buffer {
    const start = nameStart(type, bytes);
    if (start === undefined || bytes[start] === 0) return bytes;
    const end = bytes.indexOf(0, start);
    const name = this.#sharedName(bytes.toString('latin1', start, end));
    const renamed = Buffer.concat([bytes.subarray(0, start), Buffer.from(name), bytes.subarray(end)]);
    renamed.writeInt32BE(renamed.length - 1, 1);
    return renamed;
  }

  /** What frees everything the connection prepared. Begins with a Sync: after an error all else would be skipped. */
  closeAll(): Buffer {
    return Buffer.concat([syncMessage(), ...Array.from(this.#names.values(), closeMessage), syncMessage()]);
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

/** Where a message carries the name of a prepared statement. */
function nameStart(type: string, bytes: Buffer): number | undefined {
  if (type === 'P') return 5;
  if (type === 'B') return bytes.indexOf(0, 5) + 1;
  if ((type === 'D' || type === 'C') && bytes[5] === 'S'.charCodeAt(0)) return 6;
  return undefined;
}
