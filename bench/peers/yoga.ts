import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import type PrismaTypes from './generated/pothos.ts';
import { getDatamodel } from './generated/pothos.ts';
import { MemoryKind, type Message, MessageRole } from './generated/prisma/client.ts';
import { addMessage, prisma, searchMemories } from './prisma.ts';
import { viewerOf } from './schema.ts';

// Yoga with Pothos' Prisma plugin, whose relations are read with their parents; subscriptions by graphql-ws.
// Run with DATABASE_URL, and CACHED=1 for Yoga's response cache; says its port on standard output.

type Context = { viewer: string };
type Scalars = { DateTime: { Input: Date; Output: Date } };

const builder = new SchemaBuilder<{ PrismaTypes: PrismaTypes; Context: Context; Scalars: Scalars }>({
  plugins: [PrismaPlugin],
  prisma: { client: prisma, dmmf: getDatamodel() },
});
const pubSub = createPubSub<{ messageAdded: [conversationId: string, message: Message] }>();

builder.scalarType('DateTime', { serialize: (value) => value.toISOString() });
const Role = builder.enumType(MessageRole, { name: 'MessageRole' });
const Kind = builder.enumType(MemoryKind, { name: 'MemoryKind' });

builder.prismaObject('Conversation', {
  fields: (t) => ({
    id: t.exposeID('id'),
    title: t.exposeString('title', { nullable: true }),
    messageCount: t.exposeInt('lastSequence'),
    messages: t.relation('messages', {
      args: { last: t.arg.int({ required: true }) },
      query: ({ last }) => ({ orderBy: { sequence: 'asc' }, take: -last }),
    }),
  }),
});

const MessageType = builder.prismaObject('Message', {
  fields: (t) => ({
    id: t.exposeID('id'),
    sequence: t.exposeInt('sequence'),
    role: t.expose('role', { type: Role }),
    content: t.exposeString('content'),
    sentAt: t.expose('sentAt', { type: 'DateTime' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

const MemoryType = builder.prismaObject('Memory', {
  fields: (t) => ({
    id: t.exposeID('id'),
    content: t.exposeString('content'),
    kind: t.expose('kind', { type: Kind }),
    importance: t.exposeFloat('importance'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

builder.queryType({
  fields: (t) => ({
    conversation: t.prismaField({
      type: 'Conversation',
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (query, _root, { id }, { viewer }) =>
        prisma.conversation.findUnique({ ...query, where: { id, owner: { username: viewer } } }),
    }),
    conversations: t.prismaField({
      type: ['Conversation'],
      args: { first: t.arg.int({ required: true }) },
      resolve: (query, _root, { first }, { viewer }) =>
        prisma.conversation.findMany({
          ...query,
          where: { owner: { username: viewer } },
          orderBy: [{ lastActivityAt: 'desc' }, { id: 'desc' }],
          take: first,
        }),
    }),
    searchMemories: t.field({
      type: [MemoryType],
      args: { query: t.arg.string({ required: true }) },
      resolve: (_root, _args, { viewer }) => searchMemories(viewer),
    }),
  }),
});

builder.mutationType({
  fields: (t) => ({
    addMessage: t.field({
      type: MessageType,
      args: {
        conversationId: t.arg.id({ required: true }),
        role: t.arg({ type: Role, required: true }),
        content: t.arg.string({ required: true }),
      },
      resolve: async (_root, message, { viewer }) => {
        const added = await addMessage(viewer, message);
        pubSub.publish('messageAdded', message.conversationId, added);
        return added;
      },
    }),
  }),
});

builder.subscriptionType({
  fields: (t) => ({
    messageAdded: t.field({
      type: MessageType,
      args: { conversationId: t.arg.id({ required: true }) },
      subscribe: (_root, { conversationId }) => pubSub.subscribe('messageAdded', conversationId),
      resolve: (message: Message) => message,
    }),
  }),
});

const cache = useResponseCache<Context>({ session: (request) => request.headers.get('x-act-as'), ttl: 60_000 });
const yoga = createYoga<{ req: IncomingMessage }, Context>({
  schema: builder.toSchema(),
  graphiql: false,
  logging: false,
  context: ({ req }) => ({ viewer: viewerOf(req.headers) }),
  plugins: process.env.CACHED ? [cache] : [],
});
const server = createServer(yoga);
useServer(
  {
    execute: (args) => (args.rootValue as Envelope).execute(args),
    subscribe: (args) => (args.rootValue as Envelope).subscribe(args),
    onSubscribe: async (connection, _id, { operationName, query, variables }) => {
      const enveloped = yoga.getEnveloped({
        ...connection,
        req: connection.extra.request,
        params: { operationName, query, variables },
      });
      const { schema, execute, subscribe, contextFactory, parse, validate } = enveloped;
      const document = parse(query);
      const errors = validate(schema, document);
      if (errors.length > 0) return errors;
      return {
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
    },
  },
  new WebSocketServer({ server, path: yoga.graphqlEndpoint }),
);
type Envelope = Pick<ReturnType<typeof yoga.getEnveloped>, 'execute' | 'subscribe'>;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
