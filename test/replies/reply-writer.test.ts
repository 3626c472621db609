import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { flushThrottled } from '#domain/conversations/replies/flush-throttled.ts';
import { sendMessage } from '#domain/conversations/replies/replies.ts';
import { createReplyWriter } from '#domain/conversations/replies/reply-writer.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { RunningJob } from '#domain/jobs/running-job.ts';
import type { Message } from '#generated/prisma/client.ts';
import { startWorker } from '#worker/worker.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { type TestServices, useServices } from '../support/services.ts';

type Attempt = { deps: Deps; job: RunningJob; reply: Message };

/** A reply whose attempt is under way for as long as the test runs, over what an earlier one left. */
async function attemptOver({ services, newUser }: TestServices, before = ''): Promise<Attempt> {
  const begun = Promise.withResolvers<{ deps: Deps; job: RunningJob }>();
  const over = Promise.withResolvers<void>();
  const worker = await startWorker(services, {
    runOf: () => async (deps, _payload, job) => {
      begun.resolve({ deps, job });
      await over.promise;
    },
    concurrency: { replies: 1 },
  });
  onTestFinished(async () => {
    over.resolve();
    await worker.stop();
  });
  const sent = await sendMessage(await newUser(), { conversationId: null, content: 'hi' });
  await services.database.prisma.message.update({ where: { id: sent.reply.id }, data: { content: before } });
  return { ...(await begun.promise), reply: { ...sent.reply, content: before } };
}

const textOf = ({ deps, reply }: Attempt) =>
  deps.database.prisma.message.findUniqueOrThrow({
    where: { id: reply.id },
    select: { content: true, textOffset: true },
  });

describeOnEachDatabase((on) => {
  const test = useServices({ on, works: true });

  it.each([
    ['goes on where a text that can be repeated stopped', true, ['Hel', 'lo w', 'orld'], 'Hello world', 0],
    ['begins anew where it does not repeat itself', true, ['Hel', 'p!'], 'Help!', 9],
    ['begins anew where it ends before', true, ['Hello'], 'Hello', 9],
    ['leaves what is whole already', true, ['Hello wo'], 'Hello wo', 0],
    ['begins anew with a text that nobody can repeat', false, ['Hello', ' world'], 'Hello world', 9],
  ])('%s', async (_what, repeatable, pieces, content, textOffset) => {
    const attempt = await attemptOver(test, 'Hello wo');
    const { write, end } = createReplyWriter(attempt.deps, attempt.job, attempt.reply, repeatable);
    for (const piece of pieces) await write(piece);
    await end();
    expect(await textOf(attempt)).toEqual({ content, textOffset });
  });

  it('keeps what was there until there is something to put in its place', async () => {
    const attempt = await attemptOver(test, 'Hello wo');
    createReplyWriter(attempt.deps, attempt.job, attempt.reply, false);
    expect(await textOf(attempt)).toEqual({ content: 'Hello wo', textOffset: 0 });
  });

  it.each([
    ['a newer attempt has begun', 'fence = fence + 1', 'superseded'],
    ['the job is being cancelled', `status = 'CANCELLING'`, 'cancelled'],
    ['the job has ended', `status = 'FAILED'`, 'superseded'],
  ])('lands no text once %s', async (_what, change, because) => {
    const attempt = await attemptOver(test);
    const { write } = createReplyWriter(attempt.deps, attempt.job, attempt.reply, false);
    await write('early');
    await test.services.database.pool.query(`UPDATE jobs SET ${change} WHERE id = $1`, [attempt.job.id]);
    await expect(write(' and late')).rejects.toMatchObject({ name: 'AttemptEnded', because });
    expect(await textOf(attempt)).toEqual({ content: 'early', textOffset: 0 });
  });

  it('has nothing to do once the reply is gone', async () => {
    const attempt = await attemptOver(test);
    const { write } = createReplyWriter(attempt.deps, attempt.job, attempt.reply, false);
    await test.services.database.prisma.message.delete({ where: { id: attempt.reply.id } });
    await expect(write('text')).rejects.toMatchObject({ because: 'targetGone' });
  });
});

describe('on PostgreSQL', () => {
  const test = useServices({ works: true });

  it('lands no text that was on its way when a newer attempt began', async () => {
    const other = new pg.Client(test.database.url);
    await other.connect();
    onTestFinished(() => other.end());
    const attempt = await attemptOver(test);
    const { write } = createReplyWriter(attempt.deps, attempt.job, attempt.reply, false);
    await other.query('BEGIN');
    await other.query('UPDATE jobs SET fence = fence + 1 WHERE id = $1', [attempt.job.id]);
    const refused = expect(write('late')).rejects.toMatchObject({ because: 'superseded' });
    await other.query('COMMIT');
    await refused;
    expect(await textOf(attempt)).toEqual({ content: '', textOffset: 0 });
  });
});

async function* of(...pieces: string[]): AsyncGenerator<string, string> {
  yield* pieces;
  return 'end';
}

describe('text as it comes', () => {
  it('is written whole, in order, in fewer pieces than it came in', async () => {
    const written: string[] = [];
    const words = Array.from({ length: 5_000 }, (_, n) => `word${n} `);
    const startedAt = performance.now();
    const end = await flushThrottled(of(...words), 50, async (text) => void written.push(text));
    expect(end).toBe('end');
    expect(written[0]).toBe('word0 ');
    expect(written.join('')).toBe(words.join(''));
    expect(written.length).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 50);
  });

  it('is written as far as it came, when it fails', async () => {
    const written: string[] = [];
    async function* failing(): AsyncGenerator<string, never> {
      yield 'a';
      yield 'b';
      throw new Error('it broke off');
    }
    const writing = flushThrottled(failing(), 50, async (text) => void written.push(text));
    await expect(writing).rejects.toThrow('it broke off');
    expect(written.join('')).toBe('ab');
  });

  it('is no longer read when it cannot be written', async () => {
    const writing = flushThrottled(of('a', 'b'), 50, () => Promise.reject(new Error('no room')));
    await expect(writing).rejects.toThrow('no room');
  });
});
