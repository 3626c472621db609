import { type DocumentNode, type GraphQLError, Location } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Bounds what is kept of documents, in bytes of memory as `sizeOf` estimates them. */
const MAX_BYTES_KEPT = 16 * 2 ** 20;
/** Of a node of a document, its place in the text included; measured 310 to 370. */
const BYTES_PER_NODE = 360;
/** Of what else is kept of a document that recurs, above all its compiled form; measured 5,000 to 15,000. */
const BYTES_PER_DOCUMENT = 12_000;

/** A document and its errors: none, where it may run. */
export type ValidatedDocument = { document: DocumentNode; errors: readonly GraphQLError[] };

/** One with the memory that it takes, in bytes, about; 0 where it may not run. */
export type KnownDocument = ValidatedDocument & { bytes: number };

/** Documents by their texts. */
export type DocumentCache = {
  /** Parses and validates a text, unless it knows it to be valid. Throws what `validate` throws. */
  get(text: string): KnownDocument;
  /** How much memory it holds, in bytes, about. */
  bytes(): number;
};

/** Creates a cache of valid documents, which are validated once, however often they are sent. What is wrong is not kept. */
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
    bytes: () => cache.calculatedSize,
  };
}

/**
 * Drops the tokens that a parsed document holds beside its nodes, a third of its memory. Errors need only where a node
 * begins. Returns the number of nodes.
 */
function dropTokens(node: object): number {
  let nodes = 'kind' in node ? 1 : 0;
  for (const [name, value] of Object.entries(node)) {
    if (value instanceof Location) Object.assign(node, { [name]: slimLocation(value) });
    else if (typeof value === 'object' && value !== null) nodes += dropTokens(value);
  }
  return nodes;
}

/** All that GraphQLError reads of a location. */
const slimLocation = ({ start, end, source }: Location) => ({ start, end, source });
