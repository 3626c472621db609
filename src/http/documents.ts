import type { Plugin } from '@envelop/core';
import { type DocumentNode, type GraphQLError, specifiedRules, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { DocumentLimitsRule, parseLimited } from './document-limits.ts';

const MAX_CHARACTERS_KEPT = 8 * 2 ** 20;
const MAX_DOCUMENTS_KEPT = 2_000;

/** Parses, validates and limit-checks a text once, however often it is sent; which texts are kept is bounded by their length. */
export function useDocuments(): Plugin {
  const documents = new LRUCache<string, DocumentNode>({
    max: MAX_DOCUMENTS_KEPT,
    maxSize: MAX_CHARACTERS_KEPT,
    sizeCalculation: (_document, text) => text.length + 1,
  });
  const problems = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const rules = [...specifiedRules, DocumentLimitsRule];
  return {
    onParse({ params, setParsedDocument }) {
      const text = String(typeof params.source === 'string' ? params.source : params.source.body);
      let document = documents.get(text);
      if (!document) {
        document = parseLimited(text, { noLocation: false });
        documents.set(text, document);
      }
      setParsedDocument(document);
    },
    onValidate({ params: { schema, documentAST }, setResult }) {
      let found = problems.get(documentAST);
      if (!found) {
        found = validate(schema, documentAST, rules, { maxErrors: 20 });
        problems.set(documentAST, found);
      }
      setResult(found as GraphQLError[]);
    },
  };
}
