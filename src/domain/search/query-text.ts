import { BadUserInput } from '#domain/core/errors.ts';

/** The maximum length of a query, in characters. */
export const MAX_QUERY_LENGTH = 10_000;

/**
 * Returns a query in a form that PostgreSQL can store. Any text is a valid query; NUL and lone surrogates separate words. Throws
 * BadUserInput if it is too long.
 */
export function checkQuery(query: string): string {
  if (query.length > MAX_QUERY_LENGTH)
    throw new BadUserInput(
      'query',
      `A query may have at most ${MAX_QUERY_LENGTH} characters; this has ${query.length}.`,
    );
  return query.replaceAll('\0', ' ').replace(LONE_SURROGATE, ' ');
}

const LONE_SURROGATE = /\p{Surrogate}/gu;
