import type { DocumentNode } from 'graphql';
import type { Gauge } from 'prom-client';
import { createRateLimitError } from '#http/rate-limits.ts';

/** Bytes of a subscription besides its document and variables; measured 12 KB with a socket of its own (docs/performance.md). */
const BYTES_PER_SUBSCRIPTION = 12_000;

/** What a subscription keeps in memory for as long as it runs. */
export type HeldBySubscription = {
  document: DocumentNode;
  documentBytes: number;
  variables: Record<string, unknown> | null;
};

/** The memory of one payer's subscriptions. */
type Held = { bytes: number; documents: Map<DocumentNode, number> };

/** Bounds the memory of each payer's subscriptions: a socket may have a hundred, each with its own document and variables. */
export class SubscriptionMemory {
  readonly #maxBytes: number;
  readonly #count: Pick<Gauge, 'inc' | 'dec'>;
  readonly #byPayer = new Map<string, Held>();

  /** `count` is the number of open subscriptions. */
  constructor(maxBytes: number, count: Pick<Gauge, 'inc' | 'dec'>) {
    this.#maxBytes = maxBytes;
    this.#count = count;
  }

  /** Counts a subscription until its `close`. Throws RATE_LIMITED if the payer's take too much. */
  open(payer: string, { document, documentBytes, variables }: HeldBySubscription): OpenSubscription {
    const held = this.#byPayer.get(payer) ?? { bytes: 0, documents: new Map() };
    const own = BYTES_PER_SUBSCRIPTION + 2 * sizeOf(variables); // once as sent, and once as coerced for its fields
    const readers = held.documents.get(document) ?? 0;
    const added = own + (readers === 0 ? documentBytes : 0);
    if (held.bytes > 0 && held.bytes + added > this.#maxBytes) throw createTooMany(this.#maxBytes);
    held.bytes += added;
    held.documents.set(document, readers + 1);
    this.#byPayer.set(payer, held);
    this.#count.inc();
    return new OpenSubscription(this, payer, own, document, documentBytes);
  }

  close(payer: string, own: number, document: DocumentNode, documentBytes: number): void {
    this.#count.dec();
    const held = this.#byPayer.get(payer);
    if (!held) return;
    const left = (held.documents.get(document) ?? 0) - 1;
    held.bytes -= own + (left === 0 ? documentBytes : 0);
    if (left === 0) held.documents.delete(document);
    else held.documents.set(document, left);
    if (held.bytes === 0) this.#byPayer.delete(payer);
  }
}

/** A class, because closures would take three times the memory. */
class OpenSubscription {
  readonly #all: SubscriptionMemory;
  readonly #payer: string;
  readonly #bytes: number;
  readonly #document: DocumentNode;
  readonly #documentBytes: number;

  constructor(all: SubscriptionMemory, payer: string, bytes: number, document: DocumentNode, documentBytes: number) {
    this.#all = all;
    this.#payer = payer;
    this.#bytes = bytes;
    this.#document = document;
    this.#documentBytes = documentBytes;
  }

  /** Uncounts it; to be called once. */
  close(): void {
    this.#all.close(this.#payer, this.#bytes, this.#document, this.#documentBytes);
  }
}

const createTooMany = (maxBytes: number) =>
  createRateLimitError(
    `Your subscriptions hold ${Math.round(maxBytes / 1e6)} MB in this process: end some, or ask for less in each`,
    10,
  );

/** Estimates the bytes of memory of a variable's value. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 24 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 64;
  for (const [name, inside] of Object.entries(value))
    bytes += 8 + (Array.isArray(value) ? 0 : name.length) + sizeOf(inside);
  return bytes;
}
