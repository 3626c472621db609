import { beforeEach, describe, expect, it } from 'vitest';
import { userJobsChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { followJob, followJobs, type JobFilter, type ReadJobs } from '#domain/jobs/job-feeds.ts';
import { cancelJob, retryJob } from '#domain/jobs/jobs.ts';
import type { Job } from '#generated/prisma/client.ts';
import { changesOfJobs, jobById, openJobs } from '#loaders/jobs.ts';
import { createLoaders, type LoaderDefinition } from '#loaders/loader.ts';
import { enqueue, findJob, insertEpisode } from '../support/job-rows.ts';
import { useServices } from '../support/services.ts';

const { services, newUser } = useServices();
let ann: Deps;

beforeEach(async () => {
  ann = await newUser();
});

const readJob = (owner: Deps) => (id: string) =>
  services.database.prisma.job.findFirst({ where: { id, requestedById: owner.actor.userId } });

const ANY: JobFilter = {
  kinds: null,
  statuses: null,
  subjectId: null,
  queuedFrom: null,
  queuedBefore: null,
  errorContains: null,
};

/** Reads as a subscription does: every time anew. */
function readJobs({ actor }: Deps, filter: JobFilter): ReadJobs {
  const load = <Key, Value>(definition: LoaderDefinition<Key, Value>, key: Key) =>
    createLoaders(services)({ id: actor.userId, isAdmin: false })(definition, key);
  return {
    open: (after) => load(openJobs, { filter, after }),
    changes: (after) => load(changesOfJobs, { filter, after }),
    job: (id) => load(jobById, id),
  };
}

async function next(feed: AsyncGenerator<Job>): Promise<Job> {
  const { value, done } = await feed.next();
  if (done) throw new Error('The feed has ended.');
  return value;
}

async function rest(feed: AsyncGenerator<Job>): Promise<Job[]> {
  const jobs: Job[] = [];
  for await (const job of feed) jobs.push(job);
  return jobs;
}

/** Takes what the feed yields next, asked for before `act`; the feed has attached by the time it acts. */
async function takeAfter(
  feed: AsyncGenerator<Job>,
  attached: Promise<void>,
  act: () => Promise<unknown>,
): Promise<Job> {
  const answer = next(feed);
  await attached;
  await act();
  return answer;
}

describe('followJob', () => {
  it('begins with the job as it is, shows each change, and ends after the last', async () => {
    const id = await enqueue(ann, 'quick');
    const feed = followJob(services, id, readJob(ann));
    expect(await next(feed)).toMatchObject({ id, status: 'QUEUED', version: 1 });
    const cancelled = next(feed);
    await cancelJob(ann, { jobId: id });
    expect(await cancelled).toMatchObject({ status: 'CANCELLED', version: 2 });
    expect(await feed.next()).toEqual({ value: undefined, done: true });
  });

  it('shows a job that has ended once', async () => {
    const id = await enqueue(ann, 'quick');
    await cancelJob(ann, { jobId: id });
    expect(await rest(followJob(services, id, readJob(ann)))).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it('skips middle states for a slow reader, never the last', async () => {
    const id = await enqueue(ann, 'quick', { episodeId: await insertEpisode(ann) });
    const feed = followJob(services, id, readJob(ann));
    await next(feed);
    await cancelJob(ann, { jobId: id });
    await retryJob(ann, { jobId: id });
    await cancelJob(ann, { jobId: id });
    expect((await rest(feed)).map(({ status, version }) => ({ status, version }))).toEqual([
      { status: 'CANCELLED', version: 4 },
    ]);
  });

  it('knows no job of somebody else', async () => {
    const id = await enqueue(ann, 'quick');
    const bob = await newUser();
    await expect(followJob(services, id, readJob(bob)).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('followJobs', () => {
  /** A feed, and when it has taken its first look. */
  function follow(filter: Partial<JobFilter> = {}): { feed: AsyncGenerator<Job>; attached: Promise<void> } {
    const { promise: attached, resolve } = Promise.withResolvers<void>();
    const read = readJobs(ann, { ...ANY, ...filter });
    const open: ReadJobs['open'] = (after) => read.open(after).finally(resolve);
    const feed = followJobs(ann, { ...read, open });
    return { feed, attached };
  }

  it('begins with what has not ended, each once, and what changes while it reads too', async () => {
    const bob = await newUser();
    const [waiting, running, ended] = [
      await enqueue(ann, 'quick'),
      await enqueue(ann, 'quick'),
      await enqueue(ann, 'quick'),
    ];
    await enqueue(bob, 'quick');
    await cancelJob(ann, { jobId: ended });
    await services.database.prisma.job.update({
      where: { id: running },
      data: { status: 'RUNNING', updatedAt: new Date(Date.now() - 86_400_000) },
    });
    const { feed } = follow();
    expect(await next(feed)).toMatchObject({ id: waiting, status: 'QUEUED', version: 1 });
    await cancelJob(ann, { jobId: waiting });
    expect(await next(feed)).toMatchObject({ id: running, status: 'RUNNING' });
    expect(await next(feed)).toMatchObject({ id: waiting, status: 'CANCELLED', version: 2 });
    await feed.return(undefined);
  });

  it('begins with those that pass the filter', async () => {
    const episodeId = await insertEpisode(ann);
    await enqueue(ann, 'quick');
    const about = await enqueue(ann, 'quick', { episodeId });
    const { feed } = follow({ subjectId: episodeId, statuses: ['QUEUED', 'CANCELLED'] });
    expect(await next(feed)).toMatchObject({ id: about, status: 'QUEUED' });
    await cancelJob(ann, { jobId: about });
    expect(await next(feed)).toMatchObject({ id: about, status: 'CANCELLED' });
    await feed.return(undefined);
  });

  it('shows what changes from now on, not what ended before', async () => {
    await cancelJob(ann, { jobId: await enqueue(ann, 'quick') });
    const { feed, attached } = follow();
    let id = '';
    expect(await takeAfter(feed, attached, async () => (id = await enqueue(ann, 'quick')))).toMatchObject({
      status: 'QUEUED',
      version: 1,
    });
    const cancelled = next(feed);
    await cancelJob(ann, { jobId: id });
    expect(await cancelled).toMatchObject({ id, status: 'CANCELLED', version: 2 });
    await feed.return(undefined);
  });

  it('passes over what the filter does', async () => {
    const { feed, attached } = follow({ statuses: ['CANCELLED'] });
    const id = await enqueue(ann, 'quick');
    expect(await takeAfter(feed, attached, () => cancelJob(ann, { jobId: id }))).toMatchObject({
      id,
      status: 'CANCELLED',
    });
    await feed.return(undefined);
  });

  it('catches up on all that changed while its wakes were lost, each once', async () => {
    const deaf = { ...ann, pubsub: { ...ann.pubsub, publish: () => {} } };
    const { feed, attached } = follow();
    const first = next(feed);
    await attached;
    const ids = [await enqueue(deaf, 'quick'), await enqueue(deaf, 'quick'), await enqueue(deaf, 'quick')];
    await cancelJob(deaf, { jobId: ids[1] as string });
    ann.pubsub.publish(userJobsChannel(ann.actor.userId));
    const seen = [await first, await next(feed), await next(feed)];
    expect(seen.map(({ id, version }) => `${id} ${version}`).sort()).toEqual(
      (await Promise.all(ids.map((id) => findJob(services, id)))).map(({ id, version }) => `${id} ${version}`).sort(),
    );
    const last = next(feed);
    await cancelJob(ann, { jobId: ids[0] as string });
    expect(await last).toMatchObject({ id: ids[0], version: 2 });
    await feed.return(undefined);
  });
});
