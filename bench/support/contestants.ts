import { SCENARIOS, type ScenarioKey } from './scenarios.ts';
import type { Target } from './seed.ts';
import { type Running, startScript, startServer } from './servers.ts';

// biome-ignore lint/suspicious/noExplicitAny: each contestant's answers have a shape of their own.
type Data = Record<string, any>;
type Env = Record<string, string>;

/** An operation in the words of a contestant's own API, with aliases where another's has other names. */
export type Operation = {
  query: string;
  variables(target: Target): Record<string, unknown>;
  /** Returns what is compared with the answers of others. */
  read(data: Data): unknown;
};

/** A server that is compared with others, and the operations that it is asked; it sits out what it has none for. */
export type Contestant = {
  name: string;
  operations: Partial<Record<ScenarioKey, Operation>>;
  /** The subscription by which a socket follows a target's conversation. */
  follow?: { query: string; variables(target: Target): Record<string, unknown> };
  start(key: ScenarioKey | 'S1', env: Env): Promise<Running>;
};

const indexOf = (key: ScenarioKey | 'S1') => SCENARIOS.findIndex((scenario) => scenario.key === key);

/** How the answers to each scenario are read where they come in the shape of Parley's. */
const READ: Record<ScenarioKey, Operation['read']> = {
  Q1: ({ conversation }) => conversation,
  C1: ({ conversation }) => conversation,
  Q2: ({ conversations }) => conversations,
  Q3: ({ searchMemories }) => searchMemories.matches.map(({ memory }: Data) => memory),
  Q4: (data) => data,
  'M1 hot': ({ addMessage }) => ({ sequence: addMessage.message.sequence }),
  'M1 distinct': ({ addMessage }) => ({ sequence: addMessage.message.sequence }),
};

const OF_PARLEY = Object.fromEntries(
  SCENARIOS.map(({ key, operation, variables }) => [key, { query: operation, variables, read: READ[key] }]),
);

/** The limit: what a server can answer that does nothing but run one statement, whose text is the answer. */
const limit: Contestant = {
  name: 'node:http, one statement',
  operations: OF_PARLEY,
  start: (key, env) => startScript('bench/support/bare-server.ts', [String(indexOf(key))], env),
};

export const parley: Contestant = {
  name: 'Parley',
  operations: OF_PARLEY,
  follow: {
    query: 'subscription ($id: ID!) { messageAdded(conversationId: $id) { id sequence role content createdAt } }',
    variables: (target) => (OF_PARLEY.Q1 as Operation).variables(target),
  },
  start: (key, env) => startServer({ env }, { cached: key === 'C1' }),
};

const idOf = ({ conversationId }: Target) => ({ id: conversationId });
const MESSAGE = 'id sequence role content sentAt';
const CONTENT = 'A message of ordinary length, as people write them.';
const typename: Operation = { query: '{ __typename }', variables: () => ({}), read: (data) => data };

const conversation: Operation = {
  query: `query ($id: ID!) { conversation(id: $id) { id title messageCount messages(last: 20) { ${MESSAGE} } } }`,
  variables: idOf,
  read: (data) => data.conversation,
};

const conversations: Operation = {
  query: `{ conversations(first: 20) { id title messageCount messages(last: 5) { ${MESSAGE} } } }`,
  variables: () => ({}),
  read: (data) => data.conversations,
};

const searchMemories: Operation = {
  query: 'query ($query: String!) { searchMemories(query: $query) { id content kind importance createdAt } }',
  variables: ({ search }) => ({ query: search?.query }),
  read: (data) => data.searchMemories,
};

const addMessage: Operation = {
  query: `mutation ($id: ID!, $content: String!) { addMessage(conversationId: $id, role: USER, content: $content) { id sequence } }`,
  variables: (target) => ({ ...idOf(target), content: CONTENT }),
  read: ({ addMessage }) => ({ sequence: addMessage.sequence }),
};

/** Of the peers whose schema is written by hand: lists as they are, without the edges and cursors of Parley's. */
const OF_PEERS: Contestant['operations'] = {
  Q1: conversation,
  Q2: conversations,
  Q3: searchMemories,
  Q4: typename,
  'M1 hot': addMessage,
  'M1 distinct': addMessage,
};

const follow = {
  query: 'subscription ($id: ID!) { messageAdded(conversationId: $id) { id sequence role content createdAt } }',
  variables: idOf,
};

const start =
  (script: string): Contestant['start'] =>
  (key, env) =>
    startScript(`bench/peers/${script}`, [], { ...env, ...(key === 'C1' ? { CACHED: '1' } : {}) });

const CONVERSATION_OF_POSTGRAPHILE = (last: number) => `id: rowId title messageCount: lastSequence
  messages: messagesByConversationId(last: ${last}, orderBy: SEQUENCE_ASC) { nodes { id: rowId sequence role content sentAt } }`;

const postgraphile: Contestant = {
  name: 'PostGraphile',
  operations: {
    Q1: {
      query: `query ($id: UUID!) { conversation: conversationByRowId(rowId: $id) { ${CONVERSATION_OF_POSTGRAPHILE(20)} } }`,
      variables: idOf,
      read: (data) => data.conversation,
    },
    Q2: {
      query: `query ($username: String!) { allUsers(condition: { username: $username }) { nodes {
        conversationsByOwnerId(first: 20, orderBy: [LAST_ACTIVITY_AT_DESC, ROW_ID_DESC]) { nodes { ${CONVERSATION_OF_POSTGRAPHILE(5)} } } } } }`,
      variables: ({ username }) => ({ username }),
      read: (data) => data.allUsers.nodes[0].conversationsByOwnerId,
    },
    Q4: typename,
  },
  start: start('postgraphile.ts'),
};

/** All of them; the limit is first. */
export const CONTESTANTS: readonly Contestant[] = [
  limit,
  parley,
  { name: 'Mercurius, JIT, loaders', operations: OF_PEERS, follow, start: start('mercurius.ts') },
  postgraphile,
  {
    name: 'Yoga, Pothos, Prisma',
    operations: { ...OF_PEERS, C1: conversation },
    follow,
    start: start('yoga.ts'),
  },
  { name: 'Apollo Server, Prisma', operations: OF_PEERS, start: start('apollo.ts') },
];
