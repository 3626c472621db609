import type { DocumentNode } from 'graphql';
import { createRateLimitError } from '#http/rate-limits.ts';

/** Of a subscription beside its document and its variables; measured 12 KB with a socket of its own (docs/performance.md). */
const BYTES_PER_SUBSCRIPTION = 12_000;

/** What a subscription holds for as long as it runs. */
export type HeldBySubscription = {
  document: DocumentNode;
  documentBytes: number;
  variables: Record<string, unknown> | null;
};

/** The memory of one payer's subscriptions. */
type Held = { bytes: number; documents: Map<DocumentNode, number> };

/** Bounds what the subscriptions of each payer hold: a socket may have a hundred, each with a document and variables of its own. */
export class SubscriptionMemory {
  readonly #maxBytes: number;
  readonly #byPayer = new Map<string, Held>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Counts a subscription; returns how to say that it is over. Throws RATE_LIMITED where the payer's hold too much. */
  open(payer: string, { document, documentBytes, variables }: HeldBySubscription): () => void {
    const held = this.#byPayer.get(payer) ?? { bytes: 0, documents: new Map() };
    const own = BYTES_PER_SUBSCRIPTION + 2 * sizeOf(variables); // as they were sent, and as its fields take them
    const readers = held.documents.get(document) ?? 0;
    const added = own + (readers === 0 ? documentBytes : 0);
    if (held.bytes > 0 && held.bytes + added > this.#maxBytes) throw createTooMany(this.#maxBytes);
    held.bytes += added;
    held.documents.set(document, readers + 1);
    this.#byPayer.set(payer, held);
    return () => {
      const left = (held.documents.get(document) ?? 0) - 1;
      held.bytes -= own + (left === 0 ? documentBytes : 0);
      if (left === 0) held.documents.delete(document);
      else held.documents.set(document, left);
      if (held.bytes === 0) this.#byPayer.delete(payer);
    };
  }
}

const createTooMany = (maxBytes: number) =>
  createRateLimitError(
    `Your subscriptions hold ${Math.round(maxBytes / 1e6)} MB in this process: end some, or ask for less in each`,
    10,
  );

/** Returns the bytes of memory that a value of variables takes, about. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 24 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 64;
  for (const [name, inside] of Object.entries(value))
    bytes += 8 + (Array.isArray(value) ? 0 : name.length) + sizeOf(inside);
  return bytes;
}
