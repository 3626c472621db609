import { checkTextFilter } from '#domain/core/validation.ts';
import { containsText } from '#domain/text/contains-text.ts';
import type { MemoryKind } from '#generated/prisma/enums.ts';
import { checkTags } from './tags.ts';

/** A filter for memories; null matches any. */
export type MemoryFilter = {
  kinds: readonly MemoryKind[] | null;
  tagsAll: readonly string[] | null;
  tagsAny: readonly string[] | null;
  conversationId: string | null;
  contentContains: string | null;
  includeExpired: boolean;
  includeSuperseded: boolean;
};

/** The maximum length of a `contentContains` text, in UTF-16 units. */
export const MAX_CONTENT_FILTER_LENGTH = 500;

/** Matches all active memories. */
export const ACTIVE_MEMORIES: MemoryFilter = {
  kinds: null,
  tagsAll: null,
  tagsAny: null,
  conversationId: null,
  contentContains: null,
  includeExpired: false,
  includeSuperseded: false,
};

/** Returns the filter with its tags normalized in the same way as stored tags. Throws BadUserInput. */
export function checkMemoryFilter(filter: MemoryFilter): MemoryFilter {
  return {
    ...filter,
    tagsAll: filter.tagsAll && checkTags('filter.tagsAll', filter.tagsAll),
    tagsAny: filter.tagsAny && checkTags('filter.tagsAny', filter.tagsAny),
    contentContains: checkTextFilter('filter.contentContains', filter.contentContains, MAX_CONTENT_FILTER_LENGTH),
  };
}

/**
 * Returns the SQL conditions under which a row of `memories` matches. `bind` returns the placeholder of a part of the filter; null matches
 * any. Whether a memory has expired is decided by the database's clock, at the time of the read.
 */
export function memoryConditions(row: string, bind: (part: keyof MemoryFilter, type: string) => string): string[] {
  const unlessNull = (part: keyof MemoryFilter, type: string, condition: (value: string) => string) => {
    const value = bind(part, type);
    return `(${value} IS NULL OR ${condition(value)})`;
  };
  return [
    `(${bind('includeExpired', 'bool')} OR ${row}.expires_at IS NULL OR ${row}.expires_at > now())`,
    `(${bind('includeSuperseded', 'bool')} OR ${row}.superseded_by_id IS NULL)`,
    unlessNull('kinds', 'memory_kind[]', (kinds) => `${row}.kind = ANY(${kinds})`),
    unlessNull('tagsAll', 'text[]', (tags) => `${row}.tags @> ${tags}`),
    unlessNull('tagsAny', 'text[]', (tags) => `${row}.tags && ${tags}`),
    unlessNull('conversationId', 'uuid', (id) => `${row}.conversation_id = ${id}`),
    unlessNull('contentContains', 'text', (part) => containsText(`${row}.content`, part)),
  ];
}
