import { BadUserInput } from '#domain/core/errors.ts';
import { checkPageSize } from '#domain/core/paging.ts';

/**
 * How many rows a search ranks completely, which limits how far its pages reach. This many of the best rows and their neighbours are read
 * and weighted, whatever page is requested, so the last page costs as much as the first.
 */
export const MAX_RANKED = 200;

/** A slice of a ranking: `limit` hits after the first `offset`. */
export type SearchPage = { limit: number; offset?: number };

/** Returns the requested page. Throws BadUserInput if it reaches beyond the rows that are ranked. */
export function searchPage(first: number, offset: number): SearchPage {
  const limit = checkPageSize('first', first);
  if (offset < 0 || offset + limit > MAX_RANKED)
    throw new BadUserInput(
      'offset',
      `\`offset\` must be 0 or more, and at most ${MAX_RANKED} together with \`first\`.`,
    );
  return { limit, offset };
}

/** Returns how many rows have to be ranked for a page: at least one, because `found` depends on it. */
export function depthOf({ limit, offset = 0 }: SearchPage): number {
  return Math.max(1, offset + limit);
}

export function slicePage<Hit>(ranking: readonly Hit[], { limit, offset = 0 }: SearchPage): Hit[] {
  return ranking.slice(offset, offset + limit);
}
