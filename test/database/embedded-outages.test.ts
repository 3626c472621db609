import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createConversation, updateConversation } from '#domain/conversations/conversations.ts';
import { addMessage } from '#domain/conversations/messages.ts';
import { changeJob, inJobTransaction, lockJob } from '#domain/jobs/changes.ts';
import type { Job } from '#generated/prisma/client.ts';
import { makeConversation } from '../support/fixtures.ts';
import { AddMessage, CreateConversation } from '../support/operations.ts';
import { setUpServices, useServices } from '../support/services.ts';
import { useProcesses } from '../support/use-parley.ts';

type Outcome = 'stored' | 'unknown' | 'refused';

/** How many of each there are. */
const count = (outcomes: readonly Outcome[]) => {
  const of = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  return { stored: of('stored'), unknown: of('unknown'), refused: of('refused') };
};

describe.concurrent('an embedded database that is busy for longer than anybody waits', () => {
  const { services, newUser } = useServices({ on: 'embedded' });

  it('does nothing of what was refused, also later', async () => {
    const deps = await newUser();
    const { id: conversationId } = await createConversation(deps, { title: 'as it was' });
    const { prisma, pool } = services.database;
    // Connections that are there already: what is sent over them waits in the database, not in the pool.
    await Promise.all(Array.from({ length: 10 }, () => pool.query('SELECT 1')));
    const busy = pool.query('SELECT pg_sleep(16)').catch(() => {});
    const settle = (write: Promise<unknown>): Promise<Outcome> =>
      write.then(
        () => 'stored',
        (error) => (error.details?.outcome === 'UNKNOWN' ? 'unknown' : 'refused'),
      );
    const added = Array.from({ length: 4 }, () =>
      settle(addMessage(deps, { conversationId, role: 'USER', content: randomUUID() })),
    );
    const created = Array.from({ length: 4 }, (_, index) =>
      settle(createConversation(deps, { title: `new ${index}` })),
    );
    const updated = settle(updateConversation(deps, { conversationId, title: 'changed' }));
    const [messages, conversations, update] = await Promise.all([Promise.all(added), Promise.all(created), updated]);
    await busy;
    await sleep(3_000); // for what is queued, if anything is
    const [{ stored }, { refused }] = [count(messages), count(conversations)];
    expect({ stored, refused, update }).toEqual({ stored: 0, refused: 4, update: 'refused' });
    expect(await prisma.message.count()).toBe(0);
    expect(await prisma.conversation.findMany({ select: { title: true } })).toEqual([{ title: 'as it was' }]);
  });
});

it.concurrent('the embedded database outlives a transaction that stands still', async (context) => {
  const { newUser } = await setUpServices(context, { on: 'embedded' });
  const deps = await newUser();
  const { job } = deps.database.prisma;
  const { id } = await job.create({
    data: { id: randomUUID(), kind: 'EMBED_MEMORIES', maxAttempts: 1, engineJobId: randomUUID(), payload: {} },
  });
  await inJobTransaction(deps, async (change) => {
    const locked = await lockJob(change.tx, id);
    await sleep(11_000); // longer than idle_in_transaction_session_timeout, which would end its only session
    await changeJob(change, locked as Job, { message: 'still here' });
  });
  expect(await job.findUnique({ where: { id } })).toMatchObject({ message: 'still here' });
});

describe.concurrent('an embedded process that is frozen for longer than anybody waits', () => {
  const { start } = useProcesses({ on: 'embedded' });

  it('stores nothing that it says it has not stored', async () => {
    const parley = await start();
    const ann = await parley.user();
    const conversationId = await makeConversation(ann);
    const outcomes: Outcome[] = [];
    let stopped = false;
    const write = async (operation: { toString(): string }, input: object) => {
      while (!stopped) {
        const { errors } = await ann.send(operation.toString(), { input });
        const [error] = errors ?? [];
        outcomes.push(!error ? 'stored' : error.extensions.outcome === 'UNKNOWN' ? 'unknown' : 'refused');
      }
    };
    const writing = [
      ...Array.from({ length: 6 }, () => write(AddMessage, { conversationId, role: 'USER', content: 'one' })),
      ...Array.from({ length: 6 }, () => write(CreateConversation, { title: 'one' })),
    ];
    for (let time = 1; time <= 2; time += 1) {
      await sleep(500);
      parley.kill('SIGSTOP');
      await sleep(14_000);
      parley.kill('SIGCONT');
    }
    await sleep(500);
    stopped = true;
    await Promise.all(writing);
    const { conversationStats } = await ann.ask('{ conversationStats { conversations messages } }');
    const rows = conversationStats.conversations - 1 + conversationStats.messages;
    const { stored, unknown } = count(outcomes);
    expect(rows).toBeGreaterThanOrEqual(stored);
    expect(rows).toBeLessThanOrEqual(stored + unknown);
  });
});
