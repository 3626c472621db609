import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { Conversation } from './generated/prisma/client.ts';
import { addMessage, type NewMessage, prisma, searchMemories } from './prisma.ts';
import { DateTime, typeDefs, viewerOf } from './schema.ts';

// Apollo Server with Prisma: `startStandaloneServer`, and Prisma's fluent calls, which batch the parents of a list.
// Run with DATABASE_URL; says its port on standard output.

type Context = { viewer: string };

const resolvers = {
  DateTime,
  Query: {
    conversation: (_root: unknown, { id }: { id: string }, { viewer }: Context) =>
      prisma.conversation.findUnique({ where: { id, owner: { username: viewer } } }),
    conversations: (_root: unknown, { first }: { first: number }, { viewer }: Context) =>
      prisma.user
        .findUnique({ where: { username: viewer } })
        .conversations({ orderBy: [{ lastActivityAt: 'desc' }, { id: 'desc' }], take: first }),
    searchMemories: (_root: unknown, _args: unknown, { viewer }: Context) => searchMemories(viewer),
  },
  Conversation: {
    messageCount: ({ lastSequence }: Conversation) => lastSequence,
    messages: ({ id }: Conversation, { last }: { last: number }) =>
      prisma.conversation.findUnique({ where: { id } }).messages({ orderBy: { sequence: 'asc' }, take: -last }),
  },
  Mutation: {
    addMessage: (_root: unknown, message: NewMessage, { viewer }: Context) => addMessage(viewer, message),
  },
};

const server = new ApolloServer<Context>({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => ({ viewer: viewerOf(req.headers) }),
});
process.stdout.write(`${new URL(url).port}\n`);
