import { afterEach, describe, expect, it } from 'vitest';
import { ThreadLost } from '#adapters/threads/task-thread.ts';
import type { ThreadFile } from '#adapters/threads/thread-pool.ts';
import { openThreads, type Threads } from '#adapters/threads/threads.ts';
import type { Actor } from '#domain/core/actor.ts';
import { runInThread } from '#domain/core/threads.ts';
import type { TestTasks } from './tasks.ts';

const FILE: ThreadFile<TestTasks> = { url: new URL('./tasks.ts', import.meta.url), size: 1, heapMb: 64 };
const ann = { owner: 'ann' };

let threads: Threads;
const open = () => {
  threads = openThreads();
  return threads;
};
afterEach(() => threads.close());

/** Resolves when a task of `owner` calculates without end; `ended` is the error that it ends with. */
async function spin(
  { run }: Threads,
  owner: string,
  { signal, file = FILE }: { signal?: AbortSignal; file?: typeof FILE } = {},
) {
  const begun = Promise.withResolvers<void>();
  const ended = run(file, 'spin', owner, { owner, signal, onProgress: () => begun.resolve() }).catch(
    (error: unknown) => error,
  );
  await begun.promise;
  return { ended };
}

describe('a task in a thread', () => {
  it('returns its result, and throws its error', async () => {
    const { run } = open();
    expect(await run(FILE, 'double', 21, ann)).toBe(42);
    await expect(run(FILE, 'fail', 'too far', ann)).rejects.toThrow('too far');
    expect(await run(FILE, 'double', 4, ann)).toBe(8);
  });

  it('is handed byte arrays, and hands them back, without a copy', async () => {
    const bytes = new Uint8Array(1_000_000).fill(7);
    const answer = await open().run(FILE, 'bytes', bytes, ann);
    expect(bytes.byteLength).toBe(0);
    expect(answer).toMatchObject({ first: 7, bytes: { byteLength: 1_000_000 } });
  });

  it('is handed other typed arrays, and hands them back, without a copy', async () => {
    const levels = new Float32Array(1_000).fill(7);
    const answer = await open().run(FILE, 'bytes', levels as never, ann);
    expect(levels.byteLength).toBe(0);
    expect(answer).toMatchObject({ first: 7, bytes: { byteLength: 4_000 } });
  });

  it('leaves its thread to the next one, unless that has grown large', async () => {
    const [{ run }, file] = [open(), { ...FILE, heapMb: 512 }];
    const threadIds: number[] = [];
    for (const texts of [10, 10, 2_000_000, 10]) threadIds.push((await run(file, 'grow', texts, ann)).threadId);
    const [first, second, third, fourth] = threadIds;
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
  });

  it('copies a byte array that is part of another', async () => {
    const whole = new Uint8Array(100).fill(7);
    expect(await open().run(FILE, 'bytes', whole.subarray(10, 20), ann)).toMatchObject({ first: 7 });
    expect(whole.byteLength).toBe(100);
  });

  it('tells how far it is, in order', async () => {
    const heard: number[] = [];
    await open().run(FILE, 'count', 5, { ...ann, onProgress: (at: number) => heard.push(at) });
    expect(heard).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends with the reason of its signal in the middle of a calculation, and others go on', async () => {
    const [{ run }, leaving, reason] = [open(), new AbortController(), new Error('gone')];
    const { ended } = await spin(threads, 'ann', leaving);
    const next = run(FILE, 'double', 1, { owner: 'bob' });
    leaving.abort(reason);
    expect(await ended).toBe(reason);
    expect(await next).toBe(2);
  });

  it('does not begin where its signal aborts while it waits', async () => {
    const [{ run }, leaving, reason] = [open(), new AbortController(), new Error('gone')];
    await spin(threads, 'ann');
    const waiting = run(FILE, 'double', 1, { owner: 'bob', signal: leaving.signal });
    leaving.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('that takes more memory than there may be ends alone, and the process goes on', async () => {
    const { run } = open();
    await expect(run(FILE, 'eat', undefined, ann)).rejects.toMatchObject({ name: 'ThreadLost', outOfMemory: true });
    expect(await run(FILE, 'double', 3, ann)).toBe(6);
  });

  it('that takes more memory than there may be tells its user to send less', async () => {
    const deps = { threads: open(), actor: { userId: 'ann' } as Actor };
    await expect(runInThread(deps, FILE, 'eat', undefined)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('is lost when the process stops', async () => {
    const { run, close } = open();
    const { ended } = await spin(threads, 'ann');
    const waiting = expect(run(FILE, 'double', 1, { owner: 'bob' })).rejects.toThrow(ThreadLost);
    await close();
    expect(await ended).toBeInstanceOf(ThreadLost);
    await waiting;
  });
});

describe('owners', () => {
  it('take turns, however much one of them has asked for', async () => {
    const { run } = open();
    const order: string[] = [];
    const ask = (owner: string, what: number) =>
      run(FILE, 'double', what, { owner }).then(() => order.push(`${owner} ${what}`));
    await Promise.all([...[1, 2, 3, 4].map((n) => ask('ann', n)), ask('bob', 1), ask('eve', 1)]);
    expect(order).toEqual(['ann 1', 'bob 1', 'eve 1', 'ann 2', 'ann 3', 'ann 4']);
  });

  it('have one task at a time, so that another need not wait for what one of them does', async () => {
    const [{ run }, file] = [open(), { ...FILE, size: 2 }];
    await spin(threads, 'ann', { file });
    const second = run(file, 'double', 1, ann).catch((error: unknown) => error);
    expect(await run(file, 'double', 2, { owner: 'bob' })).toBe(4);
    await threads.close();
    expect(await second).toBeInstanceOf(ThreadLost);
  });
});
