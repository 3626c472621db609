import type { Asked } from '#domain/conversations/replies/drafting/draft.ts';
import { tells } from '#domain/conversations/replies/drafting/intents/statements.ts';
import type { Deps } from '#domain/core/deps.ts';
import { ACTIVE_MEMORIES } from '#domain/memories/filter.ts';
import { searchMemories } from '#domain/search/memory-search.ts';
import { searchMessages } from '#domain/search/message-search.ts';
import type { Memory, Message } from '#generated/prisma/client.ts';
import { findPassages } from './passages.ts';
import { searchTextFor } from './search-query.ts';
import type { Passage } from './sentence-ranges.ts';

/** What bears on a question, each kind best first and empty where nothing is close enough. */
export type Recalled = {
  memories: RecalledMemory[];
  passages: Passage[];
  messages: RecalledMessage[];
};

export type RecalledMemory = { memory: Memory; snippet: string; score: number };
export type RecalledMessage = { message: Message; snippet: string; score: number };

const MAX_MEMORIES = 5;
const MAX_MESSAGES = 3;
/** More are asked for than kept: replies and questions are among them. */
const MESSAGES_SEARCHED = 24;

/** What the actor's memories, messages and, where the conversation is about one, their episode hold for a question. */
export async function recall(deps: Deps, asked: Asked): Promise<Recalled> {
  const { conversation, question, earlier } = asked;
  const query = await searchTextFor(deps, asked);
  const known = new Set([question, ...earlier].map(({ id }) => id));
  const [memories, messages, passages] = await Promise.all([
    recallMemories(deps, query),
    recallMessages(deps, query, known),
    conversation.episodeId ? findPassages(deps, { query, episodeId: conversation.episodeId }) : [],
  ]);
  return { memories, passages, messages };
}

export async function recallMemories(deps: Deps, query: string): Promise<RecalledMemory[]> {
  const search = { query, filter: ACTIVE_MEMORIES, mode: 'HYBRID', limit: MAX_MEMORIES } as const;
  const { hits, found } = await searchMemories(deps, search);
  if (!found) return [];
  const where = { id: { in: hits.map(({ memoryId }) => memoryId) }, ownerId: deps.actor.userId };
  const rows = new Map((await deps.database.prisma.memory.findMany({ where })).map((row) => [row.id, row]));
  return hits.flatMap(({ memoryId, snippet, score }) => {
    const memory = rows.get(memoryId);
    return memory ? [{ memory, snippet, score }] : [];
  });
}

/** What the actor has told, not asked, in messages other than the `known`. */
export async function recallMessages(
  deps: Deps,
  query: string,
  known: ReadonlySet<string>,
): Promise<RecalledMessage[]> {
  const search = { query, conversationId: null, archived: null, limit: MESSAGES_SEARCHED };
  const { hits, found } = await searchMessages(deps, search);
  if (!found) return [];
  const where = {
    id: { in: hits.map(({ messageId }) => messageId) },
    ownerId: deps.actor.userId,
    role: 'USER',
  } as const;
  const rows = new Map((await deps.database.prisma.message.findMany({ where })).map((row) => [row.id, row]));
  return hits
    .flatMap(({ messageId, snippet, score }) => {
      const message = rows.get(messageId);
      return message && !known.has(messageId) && tells(message.content) ? [{ message, snippet, score }] : [];
    })
    .slice(0, MAX_MESSAGES);
}
