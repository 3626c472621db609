import type { Target } from './seed.ts';

/** Q are queries, M mutations, and C1 is Q1 with the response cache on. */
export type ScenarioKey = 'Q1' | 'C1' | 'Q2' | 'Q3' | 'Q4' | 'M1 hot' | 'M1 distinct';

/** What is measured: an operation of Parley's, and the one statement (or none) by which the bare server answers the same. */
export type Scenario = {
  key: ScenarioKey;
  name: string;
  /** How much of the bare server's rate is wanted. */
  goal: number;
  operation: string;
  variables(target: Target): Record<string, unknown>;
  /** Returns one row with one column `body`; null for a server that only says hello. */
  statement: string | null;
  parameters(target: Target): unknown[];
  /** Whether the bare server runs the recorded statements of a search before its own. */
  searches?: boolean;
  /** Whether every request goes to the same conversation. */
  hot?: boolean;
  /** Whether Parley keeps answers meanwhile. */
  cached?: boolean;
};

const MESSAGE = `json_build_object('id', m.id, 'sequence', m.sequence, 'role', m.role, 'content', m.content, 'sentAt', m.sent_at)`;
const lastMessages = (count: number) =>
  `(SELECT coalesce(json_agg(json_build_object('node', ${MESSAGE}) ORDER BY m.sequence), '[]')
    FROM (SELECT * FROM messages WHERE conversation_id = c.id ORDER BY sequence DESC LIMIT ${count}) m)`;

const ADD_MESSAGE = `
WITH counted AS (
  UPDATE conversations SET last_sequence = last_sequence + 1, last_activity_at = now(), updated_at = now()
  WHERE id = $1 AND owner_id = (SELECT id FROM users WHERE username = $2) RETURNING id, owner_id, last_sequence
), stored AS (
  INSERT INTO messages (id, conversation_id, owner_id, sequence, role, content)
  SELECT gen_random_uuid(), id, owner_id, last_sequence, 'USER', $3 FROM counted RETURNING id, sequence
)
SELECT json_build_object('data', json_build_object('addMessage', json_build_object('message', json_build_object(
  'id', id, 'sequence', sequence))))::text AS body FROM stored`;

const addMessage = (key: ScenarioKey, name: string, hot: boolean): Scenario => ({
  key,
  name,
  goal: 1,
  hot,
  operation: `mutation ($id: ID!, $content: String!) {
    addMessage(input: { conversationId: $id, role: USER, content: $content }) { message { id sequence } } }`,
  variables: ({ conversationId }) => ({
    id: globalId(conversationId),
    content: 'A message of ordinary length, as people write them.',
  }),
  statement: ADD_MESSAGE,
  parameters: ({ conversationId, username }) => [
    conversationId,
    username,
    'A message of ordinary length, as people write them.',
  ],
});

const CONVERSATION: Scenario = {
  key: 'Q1',
  name: 'a conversation with its 20 last messages',
  goal: 0.6,
  operation: `query ($id: ID!) { conversation(id: $id) {
    id title messageCount messages(last: 20) { edges { node { id sequence role content sentAt } } } } }`,
  variables: ({ conversationId }) => ({ id: globalId(conversationId) }),
  statement: `SELECT json_build_object('data', json_build_object('conversation', json_build_object('id', c.id, 'title', c.title,
    'messageCount', c.last_sequence, 'messages', json_build_object('edges', ${lastMessages(20)}))))::text AS body
    FROM conversations c JOIN users u ON u.id = c.owner_id WHERE c.id = $1 AND u.username = $2`,
  parameters: ({ conversationId, username }) => [conversationId, username],
};

export const SCENARIOS: Scenario[] = [
  CONVERSATION,
  { ...CONVERSATION, key: 'C1', name: 'the same, again and again by its owner', goal: 2.5, cached: true },
  {
    key: 'Q2',
    name: '20 conversations, each with its 5 last messages and count',
    goal: 0.5,
    operation: `query { conversations(first: 20) { edges { node {
      id title messageCount messages(last: 5) { totalCount edges { node { id sequence role content sentAt } } } } } } }`,
    variables: () => ({}),
    statement: `SELECT json_build_object('data', json_build_object('conversations', json_build_object('edges', json_agg(json_build_object('node',
      json_build_object('id', c.id, 'title', c.title, 'messageCount', c.last_sequence, 'messages', json_build_object(
      'totalCount', c.last_sequence, 'edges', ${lastMessages(5)}))) ORDER BY c.last_activity_at DESC, c.id DESC))))::text AS body
      FROM (SELECT c.* FROM conversations c JOIN users u ON u.id = c.owner_id WHERE u.username = $1
        ORDER BY c.last_activity_at DESC, c.id DESC LIMIT 20) c`,
    parameters: ({ username }) => [username],
  },
  {
    key: 'Q4',
    name: '{ __typename }',
    goal: 0.6,
    operation: '{ __typename }',
    variables: () => ({}),
    statement: null,
    parameters: () => [],
  },
  addMessage('M1 hot', 'addMessage, all to one conversation', true),
  addMessage('M1 distinct', 'addMessage, to many conversations', false),
  {
    key: 'Q3',
    name: 'a search of 100 memories, 10 results',
    goal: 0.9,
    searches: true,
    operation: `query ($query: String!) { searchMemories(query: $query, first: 10) {
      matches { memory { id content kind importance createdAt } } } }`,
    variables: ({ search }) => ({ query: search?.query }),
    statement: `SELECT json_build_object('data', json_build_object('searchMemories', json_build_object('matches', coalesce(json_agg(
      json_build_object('memory', json_build_object('id', m.id, 'content', m.content, 'kind', m.kind, 'importance', m.importance,
      'createdAt', m.created_at)) ORDER BY f.rank), '[]'))))::text AS body
      FROM unnest($1::uuid[]) WITH ORDINALITY AS f(id, rank) JOIN memories m USING (id)`,
    parameters: ({ search }) => [search?.ids],
  },
];

/** The id of a conversation as Parley's API has it. */
function globalId(conversationId: string): string {
  return Buffer.from(`Conversation:${conversationId}`).toString('base64url');
}

/** The conversation that a request is about, as the bare server reads it: the same request is sent to both. */
export function conversationOf({ id = '' }: { id?: string }): string {
  return Buffer.from(id, 'base64url').toString().slice('Conversation:'.length);
}
