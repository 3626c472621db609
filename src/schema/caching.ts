/**
 * What the response cache may keep (docs/decisions/response-cache.md). Nothing, unless it is said: an answer is kept where every
 * field in it is, by what stands at the field, or, for one that exposes a column, at its type.
 */
export type CachingOfType = { keptSeconds: number };
export type CachingOfField = { isKept: boolean };

/**
 * A type whose rows are the viewer's own, and whose columns change only in transactions that raise the viewer's revision: for how
 * long answers with it are kept at most.
 */
export const keptFor = ({ minutes }: { minutes: number }): CachingOfType => ({ keptSeconds: 60 * minutes });

/** A type that only holds what is kept or not by its own type, as a page of a list. */
export const KEPT_WITH_CONTENTS: CachingOfType = { keptSeconds: Number.POSITIVE_INFINITY };

/** A field that reads nothing but what is the viewer's own, and changes with the viewer's revision. */
export const KEPT: CachingOfField = { isKept: true };

/** A field that others or the clock may change, that is of this request alone, or that changes without a new revision. */
export const NOT_KEPT: CachingOfField = { isKept: false };
