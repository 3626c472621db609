import { beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.ts';
import { makeConversation, makeEpisode } from '../support/fixtures.ts';
import {
  AddMessage,
  EpisodeUpdated,
  JobProgress,
  JobUpdated,
  MessageAdded,
  ProcessEpisode,
} from '../support/operations.ts';
import type { Parley } from '../support/parley.ts';
import { describeWith, REDIS_ENV } from '../support/requirements.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const add = (writer: Client, conversationId: string, content: string) =>
  writer.ask(AddMessage, { input: { conversationId, role: 'USER', content } });

describe('two servers without Redis', () => {
  const { start } = useProcesses();

  it('show each other what is written within the time of the safety net', async () => {
    const [here, there] = await Promise.all([start('server'), start('server')]);
    const ann = await here.user();
    const conversationId = await makeConversation(ann, 1);
    await using feed = there.as(ann).follow(MessageAdded, { conversationId, afterSequence: 0 });
    await feed.take(1);
    await add(ann, conversationId, 'two');
    const elapsedMs = startStopwatch(here, there);
    expect(await feed.take(1)).toMatchObject([{ messageAdded: { content: 'two' } }]);
    expect(elapsedMs()).toBeLessThan(6_000);
  });
});

describeWith('redis', 'two servers and a worker on Redis', () => {
  const { start } = useProcesses({ env: REDIS_ENV });
  let here: Parley;
  let there: Parley;
  beforeAll(async () => {
    [here, there] = await Promise.all([start('server'), start('server'), start('worker')]);
  });

  it('show on one what is written on the other, at once', async () => {
    const ann = await here.user();
    const conversationId = await makeConversation(ann, 1);
    await using feed = there.as(ann).follow(MessageAdded, { conversationId, afterSequence: 0 });
    await feed.take(1);
    const latencies: number[] = [];
    for (let sequence = 2; sequence <= 20; sequence += 1) {
      const elapsedMs = startStopwatch(here, there);
      await add(ann, conversationId, `message ${sequence}`);
      expect(await feed.take(1)).toMatchObject([{ messageAdded: { sequence } }]);
      latencies.push(elapsedMs());
    }
    // Far from the five seconds of the safety net, even on a busy machine.
    expect(Math.max(...latencies)).toBeLessThan(1_500);
  });

  it.each([
    ['WebSocket', 'follow'],
    ['server-sent events', 'stream'],
  ] as const)(
    'show a job of the worker and its episode on both servers over %s, from the present state to the last',
    async (_transport, follow) => {
      const ann = await here.user();
      const episodeId = await makeEpisode(ann, 300);
      await using mine = there.as(ann)[follow](JobUpdated, {});
      const firstOfMine = mine.take(1);
      await using episode = there.as(ann)[follow](EpisodeUpdated, { episodeId });
      expect(await episode.take(1)).toMatchObject([{ episodeUpdated: { id: episodeId, job: null } }]);
      const jobId = (await ann.ask(ProcessEpisode, { input: { episodeId } })).processEpisode?.job.id as string;
      const progress = [];
      for await (const { data } of there.as(ann)[follow](JobProgress, { jobId })) progress.push(data?.jobProgress);
      expect(progress.at(-1)).toMatchObject({ id: jobId, status: 'SUCCEEDED', progress: 1 });
      const versions = progress.map((state) => state?.version ?? 0);
      expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
      expect(await firstOfMine).toMatchObject([{ jobUpdated: { id: jobId } }]);
      await until(
        () => mine.take(1),
        ([update]) => update?.jobUpdated.status === 'SUCCEEDED',
      );
      await until(
        () => episode.take(1),
        ([update]) => update?.episodeUpdated.status === 'READY',
      );
    },
  );
});
