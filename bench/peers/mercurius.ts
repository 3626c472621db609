import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { type MercuriusContext, mercurius } from 'mercurius';
import pg from 'pg';
import { type RecordedSearch, readSearches } from '../support/recorded-searches.ts';
import { DateTime, typeDefs, viewerOf } from './schema.ts';

// Mercurius with its JIT compiler and loaders, over pg: one statement a field, one for all parents of a list.
// Run with DATABASE_URL; says its port on standard output.

declare module 'mercurius' {
  interface MercuriusContext {
    viewer: string;
  }
}

type Conversation = { id: string; title: string | null; messageCount: number };
type NewMessage = { conversationId: string; role: string; content: string };

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const query = async (name: string, text: string, values: readonly unknown[]) =>
  (await pool.query({ name, text, values: [...values] })).rows;
const searches = await readSearches(async (text, values) => (await pool.query(text, [...values])).rows);

const CONVERSATION = `c.id, c.title, c.last_sequence AS "messageCount"`;
const MESSAGE = `m.id, m.sequence, m.role, m.content, m.sent_at AS "sentAt", m.created_at AS "createdAt"`;

const LAST_MESSAGES = `SELECT c.id AS "conversationId", ${MESSAGE} FROM unnest($1::uuid[]) AS c(id) CROSS JOIN LATERAL (
  SELECT * FROM messages WHERE conversation_id = c.id ORDER BY sequence DESC LIMIT $2) AS m ORDER BY m.sequence`;

const ADD_MESSAGE = `WITH counted AS (
  UPDATE conversations SET last_sequence = last_sequence + 1, last_activity_at = now(), updated_at = now()
  WHERE id = $1 AND owner_id = (SELECT id FROM users WHERE username = $2) RETURNING id, owner_id, last_sequence
)
INSERT INTO messages AS m (id, conversation_id, owner_id, sequence, role, content)
SELECT gen_random_uuid(), id, owner_id, last_sequence, $3::message_role, $4 FROM counted RETURNING ${MESSAGE}`;

const resolvers = {
  DateTime,
  Query: {
    async conversation(_root: unknown, { id }: { id: string }, { viewer }: MercuriusContext) {
      const text = `SELECT ${CONVERSATION} FROM conversations c JOIN users u ON u.id = c.owner_id WHERE c.id = $1 AND u.username = $2`;
      return (await query('conversation', text, [id, viewer]))[0];
    },
    conversations(_root: unknown, { first }: { first: number }, { viewer }: MercuriusContext) {
      const text = `SELECT ${CONVERSATION} FROM conversations c JOIN users u ON u.id = c.owner_id WHERE u.username = $1
        ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $2`;
      return query('conversations', text, [viewer, first]);
    },
    async searchMemories(_root: unknown, _args: unknown, { viewer }: MercuriusContext) {
      const { statements, ids } = searches.get(viewer) as RecordedSearch;
      for (const { text, values } of statements) await pool.query(text, values);
      const text = `SELECT m.id, m.content, m.kind, m.importance, m.created_at AS "createdAt"
        FROM unnest($1::uuid[]) WITH ORDINALITY AS f(id, rank) JOIN memories m USING (id) ORDER BY rank`;
      return query('memories', text, [ids]);
    },
  },
  Mutation: {
    async addMessage(
      _root: unknown,
      { conversationId, role, content }: NewMessage,
      { viewer, pubsub }: MercuriusContext,
    ) {
      const [message] = await query('addMessage', ADD_MESSAGE, [conversationId, viewer, role, content]);
      pubsub.publish({ topic: conversationId, payload: { messageAdded: message } });
      return message;
    },
  },
  Subscription: {
    messageAdded: {
      subscribe: (_root: unknown, { conversationId }: { conversationId: string }, { pubsub }: MercuriusContext) =>
        pubsub.subscribe(conversationId),
    },
  },
};

const loaders = {
  Conversation: {
    async messages(queries: { obj: Conversation; params: { last: number } }[]) {
      const last = queries[0]?.params.last;
      const rows = await query('messages', LAST_MESSAGES, [queries.map(({ obj }) => obj.id), last]);
      const byConversation = Map.groupBy(rows, ({ conversationId }) => conversationId);
      return queries.map(({ obj }) => byConversation.get(obj.id) ?? []);
    },
  },
};

const app = Fastify();
app.register(mercurius, {
  schema: `${typeDefs} type Subscription { messageAdded(conversationId: ID!): Message! }`,
  resolvers,
  loaders,
  jit: 1,
  subscription: true,
  context: ({ headers }) => ({ viewer: viewerOf(headers) }),
});
await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`);
