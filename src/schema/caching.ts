/**
 * Which responses may be cached (docs/decisions/response-cache.md). A response is cached only if all of its fields are cacheable: by the
 * extension of the field, or, for a field that exposes a column, by the extension of its type.
 */
export type CachingOfType = { maxAgeSeconds: number };
export type CachingOfField = { isCacheable: boolean };

/**
 * For a type whose rows belong to the viewer, and whose columns change only in transactions that increment the viewer's revision. Responses
 * with it are cached for at most this time.
 */
export const cachedFor = ({ minutes }: { minutes: number }): CachingOfType => ({ maxAgeSeconds: 60 * minutes });

/** For a type that only contains objects of other types, such as a page of a list: their extensions decide. */
export const CACHED_WITH_CONTENTS: CachingOfType = { maxAgeSeconds: Number.POSITIVE_INFINITY };

/** For a field that reads only data of the viewer that changes with the viewer's revision. */
export const CACHED: CachingOfField = { isCacheable: true };

/** For a field that depends on other users, the clock or the request, or that changes without a new revision. */
export const NOT_CACHED: CachingOfField = { isCacheable: false };
