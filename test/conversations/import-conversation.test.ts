import { expect, it } from 'vitest';
import { MAX_TURNS } from '#domain/conversations/import/read-history.ts';
import { CONVERSATIONS, importConversation } from '#domain/conversations/import-conversation.ts';
import type { Deps } from '#domain/core/deps.ts';
import { removeUnseen } from '#domain/core/sliced-import.ts';
import { searchMessages } from '#domain/search/message-search.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';

/** As many turns as there may be, two messages each. */
const history = (words = 'the bridge') =>
  Array.from({ length: MAX_TURNS }, (_, index) => ({ user: `${words} ${index}`, agent: 'yes' }));

describeOnEachDatabase((on) => {
  const test = useServices({ on });

  const countRows = ({ actor, database }: Deps) => database.prisma.message.count({ where: { ownerId: actor.userId } });
  const countSeen = ({ actor, database }: Deps) =>
    database.prisma.conversation.count({ where: { ownerId: actor.userId } });
  const find = async (deps: Deps) =>
    (await searchMessages(deps, { query: 'bridge', conversationId: null, archived: null, limit: 5 })).hits;

  it('a long conversation is seen whole or not at all, and others have the database meanwhile', async () => {
    const [ann, bob] = [await test.newUser(), await test.newUser()];
    let [done, written, answers] = [false, 0, 0];
    const imported = importConversation(ann, { history: history() }).finally(() => (done = true));
    while (!done) {
      const [before, rows, hits, after] = [
        await countSeen(ann),
        await countRows(ann),
        await find(ann),
        await countSeen(ann),
      ];
      if (after === 0) expect(hits).toEqual([]);
      if (before === 0) written = Math.max(written, rows);
      await countSeen(bob);
      answers += 1;
    }
    const { id, lastSequence, ownerId } = (await imported).conversation;
    expect({ lastSequence, ownerId }).toEqual({ lastSequence: 2 * MAX_TURNS, ownerId: ann.actor.userId });
    expect(written).toBeGreaterThan(0);
    expect(answers).toBeGreaterThan(3);
    expect(await find(ann)).toHaveLength(5);
    const sequences = await ann.database.prisma.message.findMany({
      where: { conversationId: id },
      orderBy: { sequence: 'asc' },
      select: { sequence: true, role: true },
    });
    expect(
      sequences.every(
        ({ sequence, role }, index) => sequence === index + 1 && role === (index % 2 ? 'ASSISTANT' : 'USER'),
      ),
    ).toBe(true);
  });

  it('with one idempotency key it is imported once, by however many at once, and leaves nothing else', async () => {
    const ann = await test.newUser();
    const send = (words?: string) => importConversation(ann, { history: history(words), idempotencyKey: 'once' });
    const made = [...(await Promise.all([send(), send(), send()])), await send()];
    expect(new Set(made.map(({ conversation }) => conversation.id)).size).toBe(1);
    await expect(send('another bridge')).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(await countRows(ann)).toBe(2 * MAX_TURNS);
    expect(await ann.database.prisma.auditEntry.count({ where: { actorId: ann.actor.userId } })).toBe(1);
    expect(await ann.database.prisma.conversation.count({ where: { ownerId: null } })).toBe(0);
  });

  it('one that was never finished is removed by maintenance, and what is seen or new is not', async () => {
    const ann = await test.newUser();
    const { prisma } = ann.database;
    await importConversation(ann, { history: [{ user: 'hi' }] });
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const createdAt of [old, new Date()]) {
      const { id: conversationId } = await prisma.conversation.create({ data: { id: crypto.randomUUID(), createdAt } });
      const rows = Array.from({ length: 1_500 }, (_, index) => ({
        ...{ id: crypto.randomUUID(), conversationId, ownerId: ann.actor.userId },
        ...{ sequence: index + 1, role: 'USER' as const, content: 'lost' },
      }));
      await prisma.message.createMany({ data: rows });
    }
    await removeUnseen(ann.database, CONVERSATIONS);
    expect(await countRows(ann)).toBe(1 + 1_500);
    expect(await countSeen(ann)).toBe(1);
  });
});
