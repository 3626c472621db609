import type { DocumentNode, GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Bounds the cache by the texts' length, which bounds that of the documents. */
const MAX_CHARACTERS_KEPT = 8 * 2 ** 20;
/** Bounds the cache for texts that are short. */
const MAX_DOCUMENTS_KEPT = 2_000;

/** A document and its errors: none, where it may run. */
export type ValidatedDocument = { document: DocumentNode; errors: readonly GraphQLError[] };

/**
 * Creates a cache that parses and validates a text once, however often it is sent, with `validate`, whose throws it
 * passes on.
 */
export function createDocumentCache(
  validate: (text: string) => ValidatedDocument,
): (text: string) => ValidatedDocument {
  const cache = new LRUCache<string, ValidatedDocument>({
    max: MAX_DOCUMENTS_KEPT,
    maxSize: MAX_CHARACTERS_KEPT,
    sizeCalculation: (_document, text) => text.length + 1,
  });
  return (text) => {
    const cached = cache.get(text);
    if (cached) return cached;
    const validated = validate(text);
    cache.set(text, validated);
    return validated;
  };
}
