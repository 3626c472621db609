import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { createConversation } from '#domain/conversations/conversations.ts';
import { deleteConversation } from '#domain/conversations/delete-conversation.ts';
import { contentsOf, EVERYTHING, memoriesOf, say } from '../support/memory-talk.ts';
import { CreateConversation } from '../support/operations.ts';
import { useServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { useParley } from '../support/use-parley.ts';

const DELETE = `mutation ($id: ID!, $memories: Boolean, $key: String) {
  deleteConversation(input: { conversationId: $id, deleteMemories: $memories, idempotencyKey: $key }) { deletedId } }`;
const CONVERSATIONS = 'query ($id: ID!) { node(id: $id) { id } }';
const OF_MEMORIES = '{ memories(first: 50) { edges { node { content conversation { id } } } } }';
const NEWEST = '{ viewer { changeCursor } }';
const CHANGES =
  'query ($after: String!) { changes(after: $after, types: [MEMORY, CONVERSATION]) { changes { id deleted } } }';
const AUDIT = "SELECT detail FROM audit_entries WHERE action = 'conversation.delete' AND detail->>'memories' = '1'";
const SAVE = `mutation ($input: SaveMemoryInput!) { saveMemory(input: $input) { memory { id } } }`;
const KNOWS_NOTHING = /^I found nothing about that|^לא מצאתי/;

describe('deleteConversation', () => {
  const app = useParley();

  it('keeps what was learned from it, unless it is to go, too', async () => {
    const ann = await app.user();
    const first = await say(ann, 'I am a vegetarian.');
    await ann.ask(DELETE, { id: first.conversationId });
    const { memories } = await ann.ask(OF_MEMORIES);
    expect(memories.edges).toMatchObject([{ node: { conversation: null } }]);
    expect((await say(ann, 'Am I a vegetarian?')).text).not.toMatch(KNOWS_NOTHING);

    const bob = await app.user();
    const other = await say(bob, 'I am a vegetarian.');
    await bob.ask(DELETE, { id: other.conversationId, memories: true });
    expect(await contentsOf(bob, EVERYTHING)).toEqual([]);
    expect((await say(bob, 'Am I a vegetarian?')).text).toMatch(KNOWS_NOTHING);
    expect(await contentsOf(ann, EVERYTHING)).toHaveLength(1);
  });

  it('deletes Hebrew memories of this conversation only, in changes and audit, once per key', async () => {
    const ann = await app.user();
    const [one, kept] = [await say(ann, 'אני צמחונית.'), await say(ann, 'אני גרה בחיפה.')];
    const doomed = (await memoriesOf(ann)).find(({ content }) => content.includes('צמחונית'))?.id as string;
    const { viewer } = await ann.ask(NEWEST);
    const input = { id: one.conversationId, memories: true, key: 'delete-1' };
    const deletions = await Promise.all([ann.ask(DELETE, input), ann.ask(DELETE, input)]);
    expect(deletions).toMatchObject([
      { deleteConversation: { deletedId: one.conversationId } },
      { deleteConversation: { deletedId: one.conversationId } },
    ]);
    expect(await contentsOf(ann, EVERYTHING)).toEqual([expect.stringContaining('חיפה')]);
    expect((await say(ann, 'אני צמחונית?', kept.conversationId)).text).not.toContain('אני צמחונית.');
    const { changes } = await ann.ask(CHANGES, { after: viewer.changeCursor });
    expect(changes.changes).toEqual(
      expect.arrayContaining([
        { id: doomed, deleted: true },
        { id: one.conversationId, deleted: true },
      ]),
    );
    const { errors } = await ann.send(DELETE, { ...input, memories: false });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
    const ofUser = `${AUDIT} AND actor_id = (SELECT id FROM users WHERE username = '${ann.username}')`;
    expect(await sql(app.database, ofUser)).toHaveLength(1);
  });

  it('deletes nothing of somebody else, and makes active what the memories had superseded', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const conversation = (await ann.ask(CreateConversation, { input: {} })).createConversation?.conversation
      .id as string;
    const old = (await ann.ask(SAVE, { input: { content: 'Lives in Haifa.' } })).saveMemory.memory.id;
    const input = { content: 'Lives in Berlin.', conversationId: conversation, supersedes: [old] };
    await ann.ask(SAVE, { input });
    const { errors } = await bob.send(DELETE, { id: conversation, memories: true });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await contentsOf(ann)).toEqual(['Lives in Berlin.']);
    await ann.ask(DELETE, { id: conversation, memories: true });
    expect(await contentsOf(ann, EVERYTHING)).toEqual(['Lives in Haifa.']);
    expect((await ann.ask(CONVERSATIONS, { id: conversation })).node).toBeNull();
  });
});

describe('thousands of memories', () => {
  const { services, newUser } = useServices();

  async function makeMemories(length: number) {
    const ann = await newUser();
    const { id: conversationId } = await createConversation(ann, {});
    const ownerId = ann.actor.userId;
    const row = (_: unknown, n: number) => ({
      ...{ id: uuidv7(), ownerId, conversationId, kind: 'FACT' as const, importance: 0.5, tags: [] },
      content: `זיכרון מספר ${n}`,
    });
    await services.database.prisma.memory.createMany({ data: Array.from({ length }, row) });
    return { ann, ownerId, conversationId };
  }

  it('are deleted in several transactions, and each of them is audited and among the changes', async () => {
    const { ann, ownerId, conversationId } = await makeMemories(2_300);
    const { prisma } = services.database;
    await deleteConversation(ann, { conversationId, deleteMemories: true });
    expect(await prisma.memory.count({ where: { ownerId } })).toBe(0);
    expect(await prisma.conversation.count({ where: { id: conversationId } })).toBe(0);
    expect(await prisma.change.count({ where: { ownerId, type: 'MEMORY', deleted: true } })).toBe(2_300);
    const audit = await prisma.auditEntry.findMany({
      where: { actorId: ownerId, subjectId: conversationId, action: { startsWith: 'conversation.delete' } },
      orderBy: { position: 'asc' },
    });
    expect(audit.map(({ action, detail }) => [action, detail])).toEqual([
      ['conversation.delete-memories', { memories: 1_000 }],
      ['conversation.delete-memories', { memories: 1_000 }],
      ['conversation.delete', { memories: 300 }],
    ]);
  });

  it('stay without their conversation, in several transactions, and each of them is among the changes', async () => {
    const { ann, ownerId, conversationId } = await makeMemories(600);
    const { prisma } = services.database;
    const bob = await newUser();
    await expect(deleteConversation(bob, { conversationId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await prisma.memory.count({ where: { conversationId } })).toBe(600);
    await deleteConversation(ann, { conversationId });
    expect(await prisma.memory.count({ where: { ownerId, conversationId: null } })).toBe(600);
    const changes = await prisma.change.groupBy({
      by: ['number'],
      where: { ownerId, type: 'MEMORY', deleted: false },
      orderBy: { number: 'asc' },
      _count: true,
    });
    expect(changes.map(({ _count }) => _count)).toEqual([250, 250, 100]);
    const audit = await prisma.auditEntry.findMany({
      where: { actorId: ownerId, subjectId: conversationId, action: 'conversation.detach-memories' },
    });
    expect(audit.map(({ detail }) => detail)).toEqual([{ memories: 250 }, { memories: 250 }]);
  });
});
