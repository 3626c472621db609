import type { Config } from '#config/config.ts';
import { type Actor, isAdmin } from '#domain/core/actor.ts';
import { DomainError } from '#domain/core/errors.ts';
import { readPersistedDocuments } from '#domain/core/persisted-documents.ts';
import type { Params } from './params.ts';

/** The documents that requests may name by their ids (docs/operations.md). */
export type PersistedOperations = {
  /**
   * Returns the document that a request contains or names. Throws PERSISTED_QUERY_NOT_SUPPORTED, PERSISTED_QUERY_NOT_FOUND,
   * PERSISTED_QUERY_ONLY.
   */
  textOf(params: Pick<Params, 'query' | 'documentId'>, actor: Actor): string;
  /** Differs for other documents or another mode. */
  fingerprint: string;
};

/** Reads PERSISTED_OPERATIONS. Throws NotSetUp. */
export async function openPersistedOperations(settings: Config['persistedOperations']): Promise<PersistedOperations> {
  if (!settings) return createPersistedOperations(null, false, '');
  const { byId, fingerprint } = await readPersistedDocuments(settings.file);
  return createPersistedOperations(byId, settings.only, `${settings.only} ${fingerprint}`);
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

/** The messages and codes by which clients with persisted queries (Apollo, urql) learn to send the whole document. */
const createNotSupported = () => new DomainError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
const createNotFound = () => new DomainError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');

const createNotListed = () =>
  new DomainError(
    'PERSISTED_QUERY_ONLY',
    'This server runs only the operations of its list; send one of these, or its id. Others take an API key of an ADMIN.',
  );
