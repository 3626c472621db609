import { BadUserInput } from '#domain/core/errors.ts';
import { checkPageSize } from '#domain/core/paging.ts';

/**
 * How many rows a search ranks to the end, so how far its pages reach. Of the best rows and their neighbours so many are read
 * and weighted, whatever page is asked for: the last page costs what the first does.
 */
export const MAX_RANKED = 200;

/** A part of a ranking: `limit` hits after the first `offset`. */
export type SearchPage = { limit: number; offset?: number };

/** Returns the page that is asked for. Throws BadUserInput where it reaches beyond what is ranked. */
export function searchPage(first: number, offset: number): SearchPage {
  const limit = checkPageSize('first', first);
  if (offset < 0 || offset + limit > MAX_RANKED)
    throw new BadUserInput(
      'offset',
      `\`offset\` must be 0 or more, and at most ${MAX_RANKED} together with \`first\`.`,
    );
  return { limit, offset };
}

/** How many rows have to be ranked for a page: one at least, or nobody would know whether something is found. */
export function depthOf({ limit, offset = 0 }: SearchPage): number {
  return Math.max(1, offset + limit);
}

/** Returns the page of a ranking. */
export function slicePage<Hit>(ranking: readonly Hit[], { limit, offset = 0 }: SearchPage): Hit[] {
  return ranking.slice(offset, offset + limit);
}
