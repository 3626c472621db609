import { GraphQLScalarType } from 'graphql';

/** The schema of the peers that are written schema first. */
export const typeDefs = /* GraphQL */ `
  scalar DateTime

  enum MessageRole { SYSTEM USER ASSISTANT TOOL }
  enum MemoryKind { FACT PREFERENCE EVENT SUMMARY NOTE }

  type Conversation {
    id: ID!
    title: String
    messageCount: Int!
    messages(last: Int!): [Message!]!
  }

  type Message {
    id: ID!
    sequence: Int!
    role: MessageRole!
    content: String!
    sentAt: DateTime!
    createdAt: DateTime!
  }

  type Memory {
    id: ID!
    content: String!
    kind: MemoryKind!
    importance: Float!
    createdAt: DateTime!
  }

  type Query {
    conversation(id: ID!): Conversation
    conversations(first: Int!): [Conversation!]!
    searchMemories(query: String!): [Memory!]!
  }

  type Mutation {
    addMessage(conversationId: ID!, role: MessageRole!, content: String!): Message!
  }
`;

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize: (value) => (value as Date).toISOString(),
});

/** Who asks: the peers take the header at its word, where Parley checks a key. */
export const viewerOf = (headers: Record<string, string | string[] | undefined>): string => String(headers['x-act-as']);
