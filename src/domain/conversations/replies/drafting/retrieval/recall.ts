import type { DraftRequest } from '#domain/conversations/replies/drafting/draft.ts';
import { isInformative } from '#domain/conversations/replies/drafting/intents/statements.ts';
import type { Deps } from '#domain/core/deps.ts';
import { ACTIVE_MEMORIES } from '#domain/memories/filter.ts';
import { searchMemories } from '#domain/search/memory-search.ts';
import { searchMessages } from '#domain/search/message-search.ts';
import type { Highlight } from '#domain/search/search-result.ts';
import type { Memory, Message } from '#generated/prisma/client.ts';
import { findPassages } from './passages.ts';
import { buildSearchQuery } from './search-query.ts';
import type { Passage } from './sentence-ranges.ts';

/** What was found to bear on a question, each kind best first and empty where nothing is close enough. */
export type RecallResult = {
  memories: RecalledMemory[];
  passages: Passage[];
  messages: RecalledMessage[];
};

/** What search says of a row that it found. */
type Match = Pick<Highlight, 'matchedWords'> & { score: number };
/** A memory that was found. */
export type RecalledMemory = Match & { memory: Memory };
/** A message that was found; of a long one, `content` is the part around what was found. */
export type RecalledMessage = Match & {
  message: Pick<Message, 'id' | 'conversationId' | 'role' | 'sentAt' | 'content'>;
};

/** Memories that a reply may draw on. */
const MAX_MEMORIES = 5;
/** Messages that a reply may draw on. */
const MAX_MESSAGES = 3;
/** Messages that are searched for: more than are kept, as replies and questions are among them. */
const MESSAGES_SEARCHED = 24;

/**
 * Searches the actor's memories, messages and, where the conversation is about one, their episode for what bears on a
 * question.
 */
export async function recall(deps: Deps, request: DraftRequest): Promise<RecallResult> {
  const { conversation, question, earlier } = request;
  const query = await buildSearchQuery(deps, request);
  const knownIds = new Set([question, ...earlier].map(({ id }) => id));
  const [memories, messages, passages] = await Promise.all([
    recallMemories(deps, query),
    recallMessages(deps, query, knownIds),
    conversation.episodeId ? findPassages(deps, { query, episodeId: conversation.episodeId }) : [],
  ]);
  return { memories, passages, messages };
}

/** Searches the actor's active memories, best first; empty where nothing is close enough. */
export async function recallMemories(deps: Deps, query: string): Promise<RecalledMemory[]> {
  const search = { query, filter: ACTIVE_MEMORIES, mode: 'HYBRID', limit: MAX_MEMORIES } as const;
  const { hits, found } = await searchMemories(deps, search);
  if (!found) return [];
  const where = { id: { in: hits.map(({ memoryId }) => memoryId) }, ownerId: deps.actor.userId };
  const rows = new Map((await deps.database.prisma.memory.findMany({ where })).map((row) => [row.id, row]));
  return hits.flatMap(({ memoryId, matchedWords, score }) => {
    const memory = rows.get(memoryId);
    return memory ? [{ memory, matchedWords, score }] : [];
  });
}

/** Searches what the actor has stated, not asked, in messages other than those with a known id; best first. */
export async function recallMessages(
  deps: Deps,
  query: string,
  knownIds: ReadonlySet<string>,
): Promise<RecalledMessage[]> {
  const search = { query, conversationId: null, archived: null, limit: MESSAGES_SEARCHED };
  const { hits, found } = await searchMessages(deps, search);
  if (!found) return [];
  const where = {
    id: { in: hits.map(({ messageId }) => messageId) },
    ownerId: deps.actor.userId,
    role: 'USER',
  } as const;
  const select = { id: true, conversationId: true, role: true, sentAt: true } as const;
  const rows = new Map((await deps.database.prisma.message.findMany({ where, select })).map((row) => [row.id, row]));
  return hits
    .flatMap(({ messageId, matchedWords, score, excerpt: content }) => {
      const message = rows.get(messageId);
      return message && !knownIds.has(messageId) && isInformative(content)
        ? [{ message: { ...message, content }, matchedWords, score }]
        : [];
    })
    .slice(0, MAX_MESSAGES);
}
