import type { MemoryKind } from '../generated/prisma/enums.ts';
import { checkTags } from './memory-tags.ts';

/** Which memories are meant; null is any. */
export type MemoryFilter = {
  kinds: readonly MemoryKind[] | null;
  tagsAll: readonly string[] | null;
  tagsAny: readonly string[] | null;
  conversationId: string | null;
  includeExpired: boolean;
  includeSuperseded: boolean;
};

/** The filter with its tags spelt as stored ones are. Throws BadUserInput. */
export function checkMemoryFilter(filter: MemoryFilter): MemoryFilter {
  return {
    ...filter,
    tagsAll: filter.tagsAll && checkTags('filter.tagsAll', filter.tagsAll),
    tagsAny: filter.tagsAny && checkTags('filter.tagsAny', filter.tagsAny),
  };
}

/**
 * The conditions that a row `m` of `memories` meets where it passes; `bind` adds a value to the statement and answers its
 * placeholder. A memory expires by the database's clock, at the moment of reading.
 */
export function memoryConditions(filter: MemoryFilter, bind: (value: unknown, type: string) => string): string[] {
  return [
    !filter.includeExpired && '(m.expires_at IS NULL OR m.expires_at > now())',
    !filter.includeSuperseded && 'm.superseded_by_id IS NULL',
    filter.kinds !== null && `m.kind = ANY(${bind(filter.kinds, 'memory_kind[]')})`,
    filter.tagsAll !== null && `m.tags @> ${bind(filter.tagsAll, 'text[]')}`,
    filter.tagsAny !== null && `m.tags && ${bind(filter.tagsAny, 'text[]')}`,
    filter.conversationId !== null && `m.conversation_id = ${bind(filter.conversationId, 'uuid')}`,
  ].filter((condition) => condition !== false);
}
