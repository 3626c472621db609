import { BadUserInput } from '#domain/core/errors.ts';

/** Characters. */
export const MAX_QUERY_LENGTH = 10_000;

/**
 * Returns a query as PostgreSQL can hold it: any text is one, and NUL and halves of surrogate pairs separate words. Throws
 * BadUserInput where it is too long.
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
