import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { followChanges, readChanges } from '#domain/changes/changes.ts';
import { createConversation } from '#domain/conversations/conversations.ts';
import { deleteConversation } from '#domain/conversations/delete-conversation.ts';
import type { Deps } from '#domain/core/deps.ts';
import { cleanUp } from '#domain/operations/clean-up.ts';
import { changesOfViewer } from '#loaders/changes.ts';
import { createLoaders } from '#loaders/loader.ts';
import { useServices } from '../support/services.ts';

const app = useServices();
const DAY_MS = 86_400_000;
const KEEP = { jobs: 30, auditEntries: 400, changes: 30, metrics: 1, webhookDeliveries: 14 };

const reading = (deps: Deps) => {
  const loaders = createLoaders(deps);
  const viewer = { id: deps.actor.userId, isAdmin: false };
  return (request: Parameters<Parameters<typeof readChanges>[2]>[0]) => loaders(viewer)(changesOfViewer, request);
};
const read = (deps: Deps, after: string, first = 100) => readChanges(deps, { after, first }, reading(deps));
const later = (deps: Deps, days: number): Deps => ({ ...deps, now: () => new Date(Date.now() + days * DAY_MS) });

async function cursorOfNow(deps: Deps): Promise<string> {
  const feed = followChanges(deps, {}, reading(deps));
  const { value } = await feed.next();
  await feed.return(undefined);
  return value.cursor;
}

describe('a cursor', () => {
  it('ends a day before what it has not seen is forgotten, and then gives a reset to go on from', async () => {
    const ann = await app.newUser();
    const cursor = await cursorOfNow(ann);
    const { id } = await createConversation(ann, {});
    expect(await read(later(ann, 28.9), cursor)).toMatchObject({ reset: false, changes: [{ id }] });
    const batch = await read(later(ann, 29.1), cursor);
    expect(batch).toMatchObject({ reset: true, changes: [], upToDate: true });
    expect(await read(ann, batch.cursor)).toMatchObject({ reset: false, changes: [] });
  });

  it('in the middle of what was missed is no younger than where that began', async () => {
    const ann = await app.newUser();
    const cursor = await cursorOfNow(ann);
    for (let count = 0; count < 3; count += 1) await createConversation(ann, {});
    const half = await read(later(ann, 20), cursor, 1);
    expect(half.upToDate).toBe(false);
    expect((await read(later(ann, 29.1), half.cursor)).reset).toBe(true);
    const whole = await read(ann, half.cursor);
    expect(whole).toMatchObject({ upToDate: true, changes: [{}, {}] });
  });

  it('of another epoch of the database gives a reset', async () => {
    const ann = await app.newUser();
    const cursor = await cursorOfNow(ann);
    const restored = { ...ann, changes: { ...ann.changes, epoch: 'restored' } };
    expect((await read(restored, cursor)).reset).toBe(true);
  });
});

it('deletions are told for as long as CHANGES_KEEP_DAYS says, and what is there for ever', async () => {
  const ann = await app.newUser();
  const cursor = await cursorOfNow(ann);
  const { id: kept } = await createConversation(ann, {});
  const { id: gone } = await createConversation(ann, {});
  await deleteConversation(ann, { conversationId: gone });
  await cleanUp(later(ann, 29.9), KEEP);
  expect((await read(ann, cursor)).changes).toHaveLength(2);
  await cleanUp(later(ann, 30.1), KEEP);
  expect((await read(ann, cursor)).changes).toMatchObject([{ id: kept, deleted: false }]);
});

it('jobs that are past their time are told as deleted', async () => {
  const ann = await app.newUser();
  const { prisma } = app.services.database;
  const requestedById = ann.actor.userId;
  const job = { id: uuidv7(), kind: 'EMBED_MEMORIES', status: 'SUCCEEDED', finishedAt: new Date() } as const;
  await prisma.job.create({ data: { ...job, maxAttempts: 1, engineJobId: uuidv7(), payload: {}, requestedById } });
  const cursor = await cursorOfNow(ann);
  await cleanUp(later(ann, 31), { ...KEEP, changes: 60 });
  expect((await read(ann, cursor)).changes).toMatchObject([{ type: 'JOB', id: job.id, deleted: true }]);
});
