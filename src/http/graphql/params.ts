import { parseJson } from '#adapters/exact-json.ts';
import { DomainError } from '#domain/core/errors.ts';

/** The parameters of a GraphQL request. */
export type Params = { query: string; variables: Record<string, unknown> | null; operationName: string | null };

/** Parses the JSON of a POST. Throws BAD_USER_INPUT. */
export function parseBody(body: Buffer): Params {
  const params = parseInput(body.toString('utf8'), 'The body is no valid JSON.');
  if (Array.isArray(params)) throw createInputError('Batches are not taken; send one operation a request.');
  if (!isMap(params)) throw createInputError('The body is a JSON object with `query`.');
  return validateParams(params);
}

/** Parses the parameters of a GET, whose `variables` and `extensions` are JSON. Throws BAD_USER_INPUT. */
export function parseSearch(search: URLSearchParams): Params {
  const json = (name: string) => {
    const text = search.get(name);
    return text ? parseInput(text, `\`${name}\` is no valid JSON.`) : null;
  };
  return validateParams({
    query: search.get('query') ?? undefined,
    variables: json('variables'),
    extensions: json('extensions'),
    operationName: search.get('operationName') || null,
  });
}

function validateParams({ query, variables, operationName, extensions }: Record<string, unknown>): Params {
  if (query === undefined && isMap(extensions) && 'persistedQuery' in extensions) throw createNotPersisted();
  if (typeof query !== 'string' || query === '') throw createInputError('`query` is a GraphQL document, as text.');
  if (variables != null && !isMap(variables)) throw createInputError('`variables` is a JSON object.');
  if (extensions != null && !isMap(extensions)) throw createInputError('`extensions` is a JSON object.');
  if (operationName != null && typeof operationName !== 'string') throw createInputError('`operationName` is text.');
  return { query, variables: variables ?? null, operationName: operationName ?? null };
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

/** By this message and code, clients with persisted queries (Apollo, urql) learn to send whole documents. */
const createNotPersisted = () => new DomainError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');

const createInputError = (message: string) => new DomainError('BAD_USER_INPUT', message);
