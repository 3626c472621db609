import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { write } from '#domain/core/write.ts';
import type { Answer, Client } from '../support/client.ts';
import { makeConversation, makeEpisode } from '../support/fixtures.ts';
import { AddMessage, CreateConversation, SaveMemory, SendMessage } from '../support/operations.ts';
import { send } from '../support/replies.ts';
import { setUpServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';
import { makeWebhook } from '../support/webhooks.ts';

describe('two mutations of the same things at the same time', () => {
  const app = useParley({ env: { MAX_QUEUE_SIZE: '100000' } });

  /** What the mutations below are about. */
  type World = Record<
    'conversationId' | 'messageId' | 'replyId' | 'jobId' | 'memoryId' | 'episodeId' | 'webhookId' | 'key',
    string
  >;

  async function makeWorld(ann: Client): Promise<World> {
    const episodeId = await makeEpisode(ann, 6);
    const { createConversation } = await ann.ask(CreateConversation, { input: { episodeId } });
    const conversationId = createConversation?.conversation.id as string;
    const { id: webhookId } = await makeWebhook(ann);
    const { userMessage, reply, job } = await send(ann, 'My dog is called Rex.', conversationId);
    const { saveMemory } = await ann.ask(SaveMemory, {
      input: { content: `Number ${randomUUID()}`, sourceMessageId: userMessage.id },
    });
    const ids = { messageId: userMessage.id, replyId: reply.id, jobId: job.id, episodeId, conversationId };
    return { ...ids, memoryId: saveMemory?.memory.id as string, webhookId, key: randomUUID() };
  }

  const call = (name: string, input: (world: World) => Record<string, unknown>) => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`;
    return (ann: Client, world: World): Promise<Answer<unknown>> => ann.send(document, { input: input(world) });
  };
  const MUTATIONS = {
    addMessage: call('addMessage', ({ conversationId, key }) => ({
      ...{ conversationId, role: 'USER', content: 'one', idempotencyKey: key },
    })),
    sendMessage: call('sendMessage', ({ conversationId, key }) => ({
      ...{ conversationId, content: 'two', idempotencyKey: key },
    })),
    askEpisode: call('askEpisode', ({ episodeId }) => ({ episodeId, question: 'What is it about?' })),
    updateConversation: call('updateConversation', ({ conversationId }) => ({ conversationId, title: randomUUID() })),
    deleteConversation: call('deleteConversation', ({ conversationId }) => ({ conversationId })),
    createConversation: call('createConversation', ({ episodeId }) => ({ episodeId })),
    stopReply: call('stopReply', ({ replyId }) => ({ messageId: replyId })),
    regenerateReply: call('regenerateReply', ({ replyId }) => ({ messageId: replyId })),
    cancelJob: call('cancelJob', ({ jobId }) => ({ jobId })),
    retryJob: call('retryJob', ({ jobId }) => ({ jobId })),
    saveMemory: call('saveMemory', ({ messageId, memoryId }) => ({
      ...{ content: `Rex ${randomUUID()}`, sourceMessageId: messageId, supersedes: [memoryId] },
    })),
    updateMemory: call('updateMemory', ({ memoryId }) => ({ memoryId, content: randomUUID() })),
    deleteMemory: call('deleteMemory', ({ memoryId }) => ({ memoryId })),
    processEpisode: call('processEpisode', ({ episodeId }) => ({ episodeId })),
    submitFeedback: call('submitFeedback', ({ episodeId }) => ({ episodeId, type: 'LIKE' })),
    updateWebhook: call('updateWebhook', ({ webhookId }) => ({ webhookId, description: randomUUID() })),
    deleteWebhook: call('deleteWebhook', ({ webhookId }) => ({ webhookId })),
    sendTestEvent: call('sendTestEvent', ({ webhookId }) => ({ webhookId })),
    archiveEpisode: call('archiveEpisode', ({ episodeId }) => ({ episodeId })),
    deleteEpisode: call('deleteEpisode', ({ episodeId }) => ({ episodeId })),
  };
  const names = Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[];

  it.each(names)('%s and any other fail for reasons that clients understand', async (name) => {
    const ann = await app.user();
    for (const other of names.slice(names.indexOf(name))) {
      const world = await makeWorld(ann);
      const pair = [MUTATIONS[name], MUTATIONS[other], MUTATIONS[name], MUTATIONS[other]];
      const answers = await Promise.all(pair.map((mutate) => mutate(ann, world)));
      const codes = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code));
      expect(codes, `${name} and ${other}`).not.toContain('INTERNAL_SERVER_ERROR');
      expect(codes, `${name} and ${other}`).not.toContain('UNAVAILABLE');
    }
  });

  it('one idempotency key for addMessage and sendMessage at once is used by one of them', async () => {
    const ann = await app.user();
    for (let time = 1; time <= 30; time += 1) {
      const conversationId = await makeConversation(ann);
      const input = { conversationId, content: 'hello', idempotencyKey: randomUUID() };
      const answers: Answer<unknown>[] = await Promise.all([
        ann.send(AddMessage, { input: { ...input, role: 'USER' } }),
        ann.send(SendMessage, { input }),
      ]);
      const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code);
      expect(codes.toSorted()).toEqual(['IDEMPOTENCY_CONFLICT', undefined]);
    }
  });
});

describe('a write that stops in the middle', () => {
  it.concurrent('loses its transaction, and what it held, after ten seconds', async (context) => {
    const { services, database, newUser } = await setUpServices(context);
    const deps = await newUser();
    const { id } = await services.database.prisma.conversation.create({
      data: { id: randomUUID(), ownerId: deps.actor.userId },
    });
    const touch = (title: string) => sql(database, 'UPDATE conversations SET title = $1 WHERE id = $2', [title, id]);
    const frozen = write(deps, {
      action: 'conversation.update',
      timeoutMs: 60_000,
      async run({ tx }) {
        await tx.conversation.update({ where: { id }, data: { title: 'frozen' } });
        await touch('another'); // waits for the transaction, which waits for this
        await tx.conversation.update({ where: { id }, data: { pinned: true } });
      },
    });
    await expect(frozen).rejects.toThrow();
    expect(await services.database.prisma.conversation.findUnique({ where: { id } })).toMatchObject({
      title: 'another',
      pinned: false,
    });
  });

  it.concurrent('is told that a row is held for too long, and has done nothing', async (context) => {
    const { services, newUser } = await setUpServices(context);
    const deps = await newUser();
    const data = { id: randomUUID(), ownerId: deps.actor.userId, title: 'as it was' };
    const { id } = await services.database.prisma.conversation.create({ data });
    const held = Promise.withResolvers<void>();
    const refused = Promise.withResolvers<void>();
    const hold = write(deps, {
      action: 'conversation.update',
      async run({ tx }) {
        await tx.conversation.update({ where: { id }, data: { pinned: true } });
        held.resolve();
        await refused.promise;
      },
    });
    await held.promise;
    const second = write(deps, {
      action: 'conversation.update',
      run: ({ tx }) => tx.conversation.update({ where: { id }, data: { title: 'another' } }),
    });
    await expect(second)
      .rejects.toMatchObject({ code: 'UNAVAILABLE', name: 'DomainError' })
      .finally(() => refused.resolve());
    await hold;
    expect(await services.database.prisma.conversation.findUnique({ where: { id } })).toMatchObject({
      title: 'as it was',
      pinned: true,
    });
  });
});
