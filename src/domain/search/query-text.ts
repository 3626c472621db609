import { BadUserInput } from '#domain/core/errors.ts';

const MAX_QUERY_LENGTH = 10_000;

/** Any text is a query; what PostgreSQL cannot hold, NUL and halves of surrogate pairs, separates words. */
export function queryText(query: string): string {
  if (query.length > MAX_QUERY_LENGTH)
    throw new BadUserInput('query', `A query has at most ${MAX_QUERY_LENGTH} characters; this has ${query.length}.`);
  return query.replaceAll('\0', ' ').replace(LONE_SURROGATE, ' ');
}

const LONE_SURROGATE = /\p{Surrogate}/gu;
