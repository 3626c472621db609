import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeConversation, makeEpisode, processToEnd } from '../support/fixtures.ts';
import {
  EpisodeUpdated,
  HealthChanged,
  JobProgress,
  JobUpdated,
  ProcessEpisode,
  QueueStatsChanged,
} from '../support/operations.ts';
import { until } from '../support/until.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

const ARCHIVE_EPISODE = /* GraphQL */ `mutation ($id: ID!) { archiveEpisode(input: { episodeId: $id }) { episode { status } } }`;
const DELETE_EPISODE = /* GraphQL */ `mutation ($id: ID!) { deleteEpisode(input: { episodeId: $id }) { deletedId } }`;

describe.each([
  ['WebSocket', 'follow'],
  ['server-sent events', 'stream'],
] as const)('over %s', (_transport, follow) => {
  it('jobProgress shows the job from its present state to its last, never back, and completes', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann, 2_000);
    const { processEpisode } = await ann.ask(ProcessEpisode, { input: { episodeId } });
    const states = [];
    for await (const { data } of ann[follow](JobProgress, { jobId: processEpisode?.job.id as string }))
      states.push(data?.jobProgress);
    expect(states.at(-1)).toMatchObject({ status: 'SUCCEEDED', progress: 1 });
    const versions = states.map((state) => state?.version ?? 0);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    const progress = states.map((state) => state?.progress ?? 0);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it('jobProgress shows a job that has ended once', async () => {
    const ann = await app.user();
    const { id } = (await processToEnd(ann, await makeEpisode(ann))) ?? {};
    await using feed = ann[follow](JobProgress, { jobId: id });
    expect(await feed.take(1)).toMatchObject([{ jobProgress: { id, status: 'SUCCEEDED' } }]);
    expect(await feed.next()).toMatchObject({ done: true });
  });

  it('knows no job and no episode of somebody else', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const episodeId = await makeEpisode(ann);
    const job = await processToEnd(ann, episodeId);
    for (const feed of [bob[follow](JobProgress, { jobId: job.id }), bob[follow](EpisodeUpdated, { episodeId })]) {
      expect((await feed.next()).value).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
      expect(await feed.next()).toMatchObject({ done: true });
      await feed.return(undefined);
    }
  });

  it("jobUpdated shows the reader's own jobs, as far as the filter lets them through, and nobody else's", async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const [mine, other] = [await makeEpisode(ann), await makeEpisode(ann)];
    await using feed = ann[follow](JobUpdated, { filter: { subjectId: mine, statuses: ['SUCCEEDED'] } });
    const first = feed.take(1);
    // The feed begins with no state to wait for: jobs come until it shows one.
    let seen = false;
    first.then(() => (seen = true));
    await until(async () => {
      await Promise.all([processToEnd(bob, await makeEpisode(bob)), processToEnd(ann, other), processToEnd(ann, mine)]);
      return seen;
    }, Boolean);
    const [shown] = await first;
    const { job } = await ann.ask(/* GraphQL */ `query ($id: ID!) { job(id: $id) { status subject { id } } }`, {
      id: shown?.jobUpdated.id,
    });
    expect(job).toEqual({ status: 'SUCCEEDED', subject: { id: mine } });
  });

  it('jobUpdated begins with what has not ended, so that who comes back need not ask', async () => {
    const [ann, bob] = [await app.user(), await app.user()];
    const input = { episodeId: await makeEpisode(ann, 120) };
    const locker = new pg.Client({ connectionString: app.database.url });
    await locker.connect();
    onTestFinished(() => locker.end());
    await locker.query('BEGIN; LOCK TABLE clips IN SHARE MODE'); // so that no job ends before it is followed
    await bob.ask(ProcessEpisode, { input: { episodeId: await makeEpisode(bob, 120) } });
    const id = (await ann.ask(ProcessEpisode, { input })).processEpisode?.job.id as string;
    await using feed = ann[follow](JobUpdated);
    expect(await feed.take(1)).toMatchObject([{ jobUpdated: { id } }]);
    await locker.query('ROLLBACK');
    await until(
      () => feed.take(1),
      ([update]) => update?.jobUpdated.id === id && update.jobUpdated.status === 'SUCCEEDED',
    );
  });

  it('queueStatsChanged shows the queue as it is, then after each change', async () => {
    const ann = await app.user();
    const episodeId = await makeEpisode(ann);
    await using feed = ann[follow](QueueStatsChanged);
    const [before] = await feed.take(1);
    const { queueStats } = await ann.ask(/* GraphQL */ `{ queueStats { maxQueued kinds { kind } } }`);
    expect(before?.queueStatsChanged).toMatchObject(queueStats);
    await processToEnd(ann, episodeId);
    const ended = before?.queueStatsChanged.succeededLastHour ?? 0;
    await until(
      () => feed.take(1),
      ([update]) => (update?.queueStatsChanged.succeededLastHour ?? 0) > ended,
    );
  });

  it('episodeUpdated shows the episode as it is, after each change, and ends when it is deleted', async () => {
    const ann = await app.user();
    const id = await makeEpisode(ann);
    await using feed = ann[follow](EpisodeUpdated, { episodeId: id });
    expect(await feed.take(1)).toMatchObject([{ episodeUpdated: { id, title: 'The bridge', job: null } }]);
    await processToEnd(ann, id);
    await until(
      () => feed.take(1),
      ([update]) => update?.episodeUpdated.status === 'READY' && update.episodeUpdated.job?.status === 'SUCCEEDED',
    );
    await ann.ask(ARCHIVE_EPISODE, { id });
    expect(await feed.take(1)).toMatchObject([{ episodeUpdated: { status: 'ARCHIVED' } }]);
    await ann.ask(DELETE_EPISODE, { id });
    expect(await feed.next()).toMatchObject({ done: true });
  });

  it('healthChanged begins with the health as it is', async () => {
    await using feed = app.admin[follow](HealthChanged);
    const [shown] = await feed.take(1);
    expect(shown?.healthChanged.components.map(({ name }) => name)).toEqual([
      ...[
        'database',
        'cache',
        'pubsub',
        'queue',
        'webhooks',
        'model',
        'telephony',
        'storage',
        'backups',
        'clean-up',
        'media',
        'system',
      ],
    ]);
  });

  it('refuses ids of another kind', async () => {
    const ann = await app.user();
    const conversationId = await makeConversation(ann);
    for (const [feed, field] of [
      [ann[follow](JobProgress, { jobId: conversationId }), 'jobId'],
      [ann[follow](EpisodeUpdated, { episodeId: conversationId }), 'episodeId'],
      [ann[follow](JobUpdated, { filter: { subjectId: 'nonsense' } }), 'filter.subjectId'],
    ] as const) {
      expect((await feed.next()).value).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT', field } }] });
      await feed.return(undefined);
    }
  });
});
