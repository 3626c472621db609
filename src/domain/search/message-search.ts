import type { Deps } from '#domain/core/deps.ts';
import { type Corpus, STEPS_BACK, STEPS_ON } from './corpus.ts';
import { depthOf, type SearchPage, slicePage } from './page.ts';
import { search } from './search.ts';
import { isContext, type MessageHit, type SearchResult } from './search-result.ts';

export type MessageSearch = SearchPage & {
  query: string;
  conversationId: string | null;
  /** Whether to search archived conversations only, or unarchived ones only; null for both. */
  archived: boolean | null;
  /** A message that is not searched, such as the question itself, which has all of its words. */
  exceptId?: string;
};

/** The newest messages are read from at most this many conversations: `ofEach` of each, or `ofOne` if a single conversation is searched. */
const NEWEST = { conversations: 200, ofEach: 50, ofOne: 10_000 };

/** In how many conversations messages are counted to estimate the size of the corpus. */
const COUNTED_CONVERSATIONS = 2_000;

const conversations = `SELECT c.id, c.last_sequence - c.discarded_numbers AS messages FROM conversations c
  WHERE c.owner_id = $1::uuid AND ($2::uuid IS NULL OR c.id = $2) AND ($3::bool IS NULL OR c.archived = $3)
  ORDER BY c.last_activity_at DESC, c.id DESC`;

const messages: Corpus = {
  table: 'messages',
  parameters: 4,
  visible: `d.status <> 'STREAMING' AND d.id IS DISTINCT FROM $4::uuid AND ($2::uuid IS NULL OR d.conversation_id = $2)
    AND EXISTS (SELECT FROM conversations c
      WHERE c.id = d.conversation_id AND c.owner_id = $1 AND ($3::bool IS NULL OR c.archived = $3))`,
  newest: `(${conversations} LIMIT ${NEWEST.conversations}) AS c
    CROSS JOIN LATERAL (SELECT m.* FROM messages m WHERE m.conversation_id = c.id
      ORDER BY m.sequence DESC LIMIT CASE WHEN $2::uuid IS NULL THEN ${NEWEST.ofEach} ELSE ${NEWEST.ofOne} END) AS d`,
  size: `SELECT sum(c.messages) FROM (${conversations} LIMIT ${COUNTED_CONVERSATIONS}) AS c`,
  text: 'content',
  parent: 'd.conversation_id',
  timestamp: 'd.sent_at',
  isFoundByTime: true,
  role: 'd.role::text',
  recency: '1::float8',
  importance: '1::float8',
  minCollectionSize: 50,
  fullPenaltySize: 400,
  neighbours: `SELECT n.id, n.sequence - t.sequence AS step FROM messages n WHERE n.conversation_id = t.conversation_id
    AND n.sequence BETWEEN t.sequence - ${STEPS_BACK} AND t.sequence + ${STEPS_ON} AND n.sequence <> t.sequence`,
};

/**
 * Searches the viewer's messages by words. If `found` is false, the hits are the nearest ones, though none is close. Throws BadUserInput.
 */
export async function searchMessages(
  deps: Deps,
  { query, conversationId, archived, exceptId, ...page }: MessageSearch,
): Promise<SearchResult<MessageHit>> {
  const startedAt = performance.now();
  const scope = [deps.actor.userId, conversationId, archived, exceptId ?? null];
  const { ranking, found, features, highlight } = await search(deps, messages, scope, { query, depth: depthOf(page) });
  const hits = (await highlight(slicePage(ranking, page))).map((hit) => {
    const { id, score, snippet, matchedWords, excerpt } = hit;
    return { messageId: id, score, snippet, matchedWords, excerpt, isContext: isContext(hit) };
  });
  return { hits, mode: 'LEXICAL', found, features, tookMs: performance.now() - startedAt };
}
