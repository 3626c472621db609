import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { type RecordedSearch, readSearches } from '../support/recorded-searches.ts';
import { type Memory, type Message, type MessageRole, PrismaClient } from './generated/prisma/client.ts';

const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 10 });

/** Fifty requests wait for one conversation's row longer than the 2 s that Prisma gives a transaction by default. */
export const prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: 20_000, timeout: 20_000 } });

const runSql = (text: string, values: readonly unknown[]) =>
  prisma.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values);
const searches = await readSearches(runSql);

export type NewMessage = { conversationId: string; role: MessageRole; content: string };

/** Adds a message at the end of a conversation of the viewer's. Throws where there is none. */
export function addMessage(viewer: string, { conversationId, role, content }: NewMessage): Promise<Message> {
  return prisma.$transaction(async (transaction) => {
    const now = new Date();
    const { ownerId, lastSequence } = await transaction.conversation.update({
      where: { id: conversationId, owner: { username: viewer } },
      data: { lastSequence: { increment: 1 }, lastActivityAt: now, updatedAt: now },
    });
    return transaction.message.create({
      data: { id: randomUUID(), conversationId, ownerId, sequence: lastSequence, role, content },
    });
  });
}

/** Runs the statements of Parley's search for the viewer, and reads the memories that it found. */
export async function searchMemories(viewer: string): Promise<Memory[]> {
  const { statements, ids } = searches.get(viewer) as RecordedSearch;
  for (const { text, values } of statements) await runSql(text, values);
  const found = await prisma.memory.findMany({ where: { id: { in: ids } } });
  const byId = new Map(found.map((memory) => [memory.id, memory]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
