import { isUtf8 } from 'node:buffer';
import { parseJson } from '#adapters/exact-json.ts';
import { DomainError } from '#domain/core/errors.ts';

/** The parameters of a GraphQL request; `query` is empty if the request only names its document. */
export type Params = {
  query: string;
  /** The id of a document of PERSISTED_OPERATIONS. */
  documentId: string | null;
  variables: Record<string, unknown> | null;
  operationName: string | null;
};

/** Parses the JSON of a POST. Throws BAD_USER_INPUT, also for invalid UTF-8, which would otherwise silently be stored as \ufffd. */
export function parseBody(body: Buffer): Params {
  if (!isUtf8(body)) throw createInputError('The body is not valid UTF-8; send JSON in UTF-8.');
  const params = parseInput(body.toString('utf8'), 'The body is not valid JSON.');
  if (Array.isArray(params)) throw createInputError('Batches are not supported; send one operation per request.');
  if (!isMap(params)) throw createInputError('The body must be a JSON object with `query`.');
  return validateParams(params);
}

/**
 * Returns the query string's parameters, decoded as by `URLSearchParams`. Throws BAD_USER_INPUT if percent-encoded bytes are not valid
 * UTF-8.
 */
export function readSearch(url: string): string {
  const start = url.indexOf('?');
  const sent = start === -1 ? '' : url.slice(start + 1);
  const search = new URLSearchParams(sent).toString();
  if (search.includes(ENCODED_REPLACEMENT) && !isDecodable(sent))
    throw createInputError('The percent-encoded bytes in the address are not valid UTF-8.');
  return search;
}

/** U+FFFD: either the result of invalid UTF-8, or itself. */
const ENCODED_REPLACEMENT = '%EF%BF%BD';

function isDecodable(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}

/** Parses the parameters of a GET, whose `variables` and `extensions` are JSON. Throws BAD_USER_INPUT. */
export function parseSearch(search: URLSearchParams): Params {
  const json = (name: string) => {
    const text = search.get(name);
    return text ? parseInput(text, `\`${name}\` is not valid JSON.`) : null;
  };
  return validateParams({
    query: search.get('query') ?? undefined,
    documentId: search.get('documentId') ?? undefined,
    variables: json('variables'),
    extensions: json('extensions'),
    operationName: search.get('operationName') || null,
  });
}

/**
 * Returns the id of a persisted document: `documentId`, as in the GraphQL-over-HTTP specification, or Apollo's
 * `extensions.persistedQuery.sha256Hash`. Null if there is none.
 */
export function documentIdOf({
  documentId,
  extensions,
}: {
  documentId?: unknown;
  extensions?: unknown;
}): string | null {
  if (typeof documentId === 'string') return documentId;
  const persisted = isMap(extensions) ? extensions.persistedQuery : null;
  return isMap(persisted) && typeof persisted.sha256Hash === 'string' ? persisted.sha256Hash : null;
}

function validateParams(params: Record<string, unknown>): Params {
  const { query = '', variables, operationName, extensions } = params;
  const documentId = documentIdOf(params);
  if (typeof query !== 'string' || (query === '' && documentId === null))
    throw createInputError('`query` must be a GraphQL document, as a string.');
  if (variables != null && !isMap(variables)) throw createInputError('`variables` must be a JSON object.');
  if (extensions != null && !isMap(extensions)) throw createInputError('`extensions` must be a JSON object.');
  if (operationName != null && typeof operationName !== 'string')
    throw createInputError('`operationName` must be a string.');
  return { query, documentId, variables: variables ?? null, operationName: operationName ?? null };
}

function parseInput(text: string, message: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw createInputError(message);
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const createInputError = (message: string) => new DomainError('BAD_USER_INPUT', message);
