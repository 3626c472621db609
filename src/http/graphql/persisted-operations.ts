import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Config } from '#config/config.ts';
import { type Actor, isAdmin } from '#domain/core/actor.ts';
import { DomainError, NotSetUp } from '#domain/core/errors.ts';
import type { Params } from './params.ts';

/** The documents that may be named by their ids (docs/operations.md). */
export type PersistedOperations = {
  /**
   * Returns the document of a request, which it brings or names. Throws PERSISTED_QUERY_NOT_SUPPORTED, PERSISTED_QUERY_NOT_FOUND,
   * PERSISTED_QUERY_ONLY.
   */
  textOf(params: Pick<Params, 'query' | 'documentId'>, actor: Actor): string;
  /** Another one for other documents, or another mode. */
  fingerprint: string;
};

const DOCUMENTS = z.record(z.string(), z.string());
/** As Apollo's `generate-persisted-query-manifest` makes it. */
const APOLLO_MANIFEST = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});

/**
 * Reads PERSISTED_OPERATIONS: documents by their ids, as graphql-codegen and Relay write them, or Apollo's manifest. Throws NotSetUp.
 */
export async function openPersistedOperations(settings: Config['persistedOperations']): Promise<PersistedOperations> {
  if (!settings) return createPersistedOperations(null, false, '');
  const { file, only } = settings;
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new NotSetUp(`PERSISTED_OPERATIONS cannot be read: ${error.message}`);
  });
  return createPersistedOperations(parseManifest(text, file), only, `${only} ${hash('sha256', text, 'base64url')}`);
}

function parseManifest(text: string, file: string): ReadonlyMap<string, string> {
  try {
    const json: unknown = JSON.parse(text);
    const apollo = APOLLO_MANIFEST.safeParse(json);
    if (apollo.success) return new Map(apollo.data.operations.map(({ id, body }) => [id, body]));
    return new Map(Object.entries(DOCUMENTS.parse(json)));
  } catch {
    throw new NotSetUp(
      `PERSISTED_OPERATIONS has to be a JSON object of documents by their ids, or Apollo's manifest; ${file} is neither.`,
    );
  }
}

function createPersistedOperations(
  documents: ReadonlyMap<string, string> | null,
  only: boolean,
  fingerprint: string,
): PersistedOperations {
  const texts = new Set(documents?.values());
  return {
    fingerprint,
    textOf({ query, documentId }, actor) {
      if (query === '' && documentId !== null) {
        const text = documents?.get(documentId);
        if (text === undefined) throw documents ? createNotFound() : createNotSupported();
        return text;
      }
      if (only && !texts.has(query) && !isAdmin(actor)) throw createNotListed();
      return query;
    },
  };
}

/** By these messages and codes, clients with persisted queries (Apollo, urql) learn to send whole documents. */
const createNotSupported = () => new DomainError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
const createNotFound = () => new DomainError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');

const createNotListed = () =>
  new DomainError(
    'PERSISTED_QUERY_ONLY',
    'This server runs only the operations of its list; send one of these, or its id. Others take an API key of an ADMIN.',
  );
