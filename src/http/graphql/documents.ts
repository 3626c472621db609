import { type DocumentNode, type GraphQLError, Location } from 'graphql';
import { LRUCache } from 'lru-cache';

/** The size of the document cache, in bytes of memory as estimated by `sizeOf`. */
const MAX_BYTES_KEPT = 16 * 2 ** 20;
/** Bytes of a node of a document, including its location; measured 310 to 370. */
const BYTES_PER_NODE = 360;
/** Bytes of everything else that is kept of a recurring document, above all its compiled form; measured 5,000 to 15,000. */
const BYTES_PER_DOCUMENT = 12_000;

/** A document and its validation errors; it may run if there are none. */
export type ValidatedDocument = { document: DocumentNode; errors: readonly GraphQLError[] };

/** A checked document with its estimated memory in bytes; 0 if it may not run. */
export type KnownDocument = ValidatedDocument & { bytes: number };

/** Caches documents by their texts. */
export type DocumentCache = {
  /** Parses and validates a text, unless it is cached as valid. Throws what `validate` throws. */
  get(text: string): KnownDocument;
  /** Whether a text is cached as valid. */
  has(text: string): boolean;
  /** The estimated memory of the cache, in bytes. */
  bytes(): number;
};

/** Creates a cache of valid documents: each is validated once, however often it is sent. Invalid ones are not cached. */
export function createDocumentCache(validate: (text: string) => ValidatedDocument): DocumentCache {
  const cache = new LRUCache<string, KnownDocument>({ maxSize: MAX_BYTES_KEPT });
  return {
    get(text) {
      const known = cache.get(text);
      if (known) return known;
      const validated = validate(text);
      if (validated.errors.length > 0) return { ...validated, bytes: 0 };
      const bytes = 2 * text.length + dropTokens(validated.document) * BYTES_PER_NODE;
      const valid = { ...validated, bytes };
      cache.set(text, valid, { size: bytes + BYTES_PER_DOCUMENT });
      return valid;
    },
    has: (text) => cache.has(text),
    bytes: () => cache.calculatedSize,
  };
}

/**
 * Drops the tokens of a parsed document, a third of its memory: errors need only the position at which a node begins. Returns the number
 * of nodes.
 */
function dropTokens(node: object): number {
  let nodes = 'kind' in node ? 1 : 0;
  for (const [name, value] of Object.entries(node)) {
    if (value instanceof Location) Object.assign(node, { [name]: slimLocation(value) });
    else if (typeof value === 'object' && value !== null) nodes += dropTokens(value);
  }
  return nodes;
}

/** The part of a location that GraphQLError reads. */
const slimLocation = ({ start, end, source }: Location) => ({ start, end, source });
