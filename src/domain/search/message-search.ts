import type { Deps } from '#domain/core/deps.ts';
import { type Corpus, STEPS_BACK, STEPS_ON } from './corpus.ts';
import { search } from './search.ts';

/** `archived`: of archived conversations only, of others only, or null for all. */
export type MessageSearch = { query: string; conversationId: string | null; archived: boolean | null; limit: number };
export type FoundMessages = { hits: { messageId: string; score: number; snippet: string }[]; found: boolean };

const conversations = `SELECT c.id, c.last_sequence FROM conversations c
  WHERE c.owner_id = $1::uuid AND ($2::uuid IS NULL OR c.id = $2) AND ($3::bool IS NULL OR c.archived = $3)
  ORDER BY c.last_activity_at DESC, c.id DESC`;

const messages: Corpus = {
  table: 'messages',
  values: 3,
  visible: `d.status <> 'STREAMING' AND ($2::uuid IS NULL OR d.conversation_id = $2)
    AND ($3::bool IS NULL OR (SELECT c.archived FROM conversations c WHERE c.id = d.conversation_id) = $3)`,
  newest: `(${conversations} LIMIT 200) AS c CROSS JOIN LATERAL (SELECT m.* FROM messages m WHERE m.conversation_id = c.id
    ORDER BY m.sequence DESC LIMIT CASE WHEN $2::uuid IS NULL THEN 50 ELSE 10000 END) AS d`,
  size: `SELECT sum(c.last_sequence) FROM (${conversations} LIMIT 2000) AS c`,
  text: 'content',
  parent: 'd.conversation_id',
  saidAt: 'd.sent_at',
  role: 'd.role::text',
  recency: '1::float8',
  importance: '1::float8',
  leastRows: 50,
  telling: 400,
  around: `SELECT n.id, n.sequence - t.sequence AS step FROM messages n WHERE n.conversation_id = t.conversation_id
    AND n.sequence BETWEEN t.sequence - ${STEPS_BACK} AND t.sequence + ${STEPS_ON} AND n.sequence <> t.sequence`,
};

/** The viewer's messages that answer a query, best first. `found` is false where none is close. Throws BadUserInput. */
export async function searchMessages(
  deps: Deps,
  { query, conversationId, archived, limit }: MessageSearch,
): Promise<FoundMessages> {
  const scope = [deps.actor.userId, conversationId, archived];
  const { hits, found, snippet } = await search(deps, messages, scope, { query, limit });
  return { hits: hits.map(({ id, score, text }) => ({ messageId: id, score, snippet: snippet(text) })), found };
}
