import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import { takeUpdateNumber } from '#domain/conversations/message-updates.ts';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { cleanUpByOperator, deleteOldConversations, requestCleanUp } from '#domain/operations/old-conversations.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { CleanUpConversations } from '../support/operations.ts';
import { useServices } from '../support/services.ts';
import { useParley } from '../support/use-parley.ts';

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000);

describeOnEachDatabase((on) => {
  const { services, newUser } = useServices({ on });

  async function makeConversation(ownerId: string, more: object, messages: number): Promise<string> {
    const id = uuidv7();
    const { prisma } = services.database;
    await prisma.conversation.create({ data: { id, ownerId, lastSequence: messages, ...more } });
    const row = (_: unknown, index: number) => ({
      ...{ id: uuidv7(), conversationId: id, ownerId, sequence: index + 1 },
      ...{ role: 'USER' as const, content: `הודעה ${index}` },
    });
    await prisma.message.createMany({ data: Array.from({ length: messages }, row) });
    return id;
  }

  it('deletes what is old and not pinned, of all users, also where it is long, and goes on where it was broken off', async () => {
    const [ann, bob] = [await newUser(), await newUser()];
    const old = { lastActivityAt: daysAgo(31) };
    await makeConversation(ann.actor.userId, old, 2_500);
    await makeConversation(bob.actor.userId, old, 3);
    const kept = [
      await makeConversation(ann.actor.userId, { ...old, pinned: true }, 1),
      await makeConversation(ann.actor.userId, { lastActivityAt: daysAgo(29) }, 1),
    ];
    const deps = { ...services, actor: SYSTEM_ACTOR };
    expect(await requestCleanUp(deps, { olderThanDays: 30, dryRun: true })).toEqual({ matching: 2, job: null });
    await expect(deleteOldConversations(services, 30, AbortSignal.abort())).rejects.toThrow();
    expect(await deleteOldConversations(services, 30)).toBe(2);
    const left = await services.database.prisma.conversation.findMany({ select: { id: true } });
    expect(left.map(({ id }) => id).toSorted()).toEqual(kept.toSorted());
    const changes = await services.database.prisma.change.findMany({ where: { deleted: true, type: 'CONVERSATION' } });
    expect(changes.map(({ ownerId }) => ownerId).toSorted()).toEqual([ann.actor.userId, bob.actor.userId].toSorted());
  });

  it('leaves one in which a reply is begun at that moment', async () => {
    const { prisma } = services.database;
    const id = await makeConversation((await newUser()).actor.userId, { lastActivityAt: daysAgo(31) }, 1);
    const begun = prisma.$transaction(async (tx) => {
      await takeUpdateNumber({ tx, publish() {} } as Partial<TransactionChange> as TransactionChange, id);
      await tx.message.updateMany({ where: { conversationId: id }, data: { status: 'STREAMING' } });
      await sleep(500);
    });
    await sleep(100);
    expect(await deleteOldConversations(services, 30)).toBe(0);
    await begun;
    await prisma.conversation.delete({ where: { id } });
  });

  it('is in the audit before an operator’s clean-up deletes anything, also where it then fails', async () => {
    const { pool, prisma } = services.database;
    await makeConversation((await newUser()).actor.userId, { lastActivityAt: daysAgo(31) }, 1);
    const deps = { ...services, actor: SYSTEM_ACTOR };
    await pool.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no'; END$$;
      CREATE TRIGGER refuse BEFORE DELETE ON conversations FOR EACH ROW EXECUTE FUNCTION refuse()`);
    await expect(cleanUpByOperator(deps, 30)).rejects.toThrow();
    await pool.query('DROP TRIGGER refuse ON conversations');
    const said = () => prisma.auditEntry.findMany({ where: { action: 'conversation.clean-up' } });
    expect(await said()).toMatchObject([{ detail: { olderThanDays: 30, matching: 1 } }]);
    expect(await cleanUpByOperator(deps, 30)).toBe(1);
    expect(await said()).toHaveLength(2);
  });
});

const app = useParley();

it('is for ADMINs, and for whole days', async () => {
  const ann = await app.user();
  const clean = (client: typeof ann, olderThanDays: number) =>
    client.send(CleanUpConversations, { input: { olderThanDays, dryRun: true } });
  expect((await clean(ann, 30)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect((await clean(app.admin as never, 0)).errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', field: 'input.olderThanDays' } },
  ]);
  expect((await clean(app.admin as never, 30)).data?.cleanUpConversations).toEqual({ matching: 0, job: null });
});
