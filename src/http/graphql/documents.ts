import type { DocumentNode, GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';

const MAX_CHARACTERS_KEPT = 8 * 2 ** 20;
const MAX_DOCUMENTS_KEPT = 2_000;

/** A document with what is wrong with it: nothing, where it may run. */
export type ValidatedDocument = { document: DocumentNode; errors: readonly GraphQLError[] };

/** Reads and checks a text once, however often it is sent; which texts are kept is bounded by their length. */
export function createDocumentCache(check: (text: string) => ValidatedDocument): (text: string) => ValidatedDocument {
  const known = new LRUCache<string, ValidatedDocument>({
    max: MAX_DOCUMENTS_KEPT,
    maxSize: MAX_CHARACTERS_KEPT,
    sizeCalculation: (_checked, text) => text.length + 1,
  });
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const checked = check(text);
    known.set(text, checked);
    return checked;
  };
}
