import { beforeEach, describe, expect, it } from 'vitest';
import { userJobsChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { followJob, followJobs, type JobFilter, type ReadJobs } from '#domain/jobs/job-feeds.ts';
import { cancelJob, retryJob } from '#domain/jobs/jobs.ts';
import type { Job } from '#generated/prisma/client.ts';
import { enqueue, findJob, insertEpisode } from '../support/job-rows.ts';
import { useServices } from '../support/services.ts';

const { services, newUser } = useServices();
let ann: Deps;

beforeEach(async () => {
  ann = await newUser();
});

const readJob = (owner: Deps) => (id: string) =>
  services.database.prisma.job.findFirst({ where: { id, requestedById: owner.actor.userId } });

const readJobs = (owner: Deps): ReadJobs => ({
  changes: ({ updatedAt }, { statuses }) =>
    services.database.prisma.job.findMany({
      where: {
        requestedById: owner.actor.userId,
        updatedAt: { gte: updatedAt },
        ...(statuses ? { status: { in: [...statuses] } } : {}),
      },
      orderBy: [{ updatedAt: 'asc' }, { version: 'asc' }],
    }),
  job: readJob(owner),
});

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
  function follow(filter: JobFilter = {}): { feed: AsyncGenerator<Job>; attached: Promise<void> } {
    const { promise: attached, resolve } = Promise.withResolvers<void>();
    const read = readJobs(ann);
    const changes: ReadJobs['changes'] = (after, given) => read.changes(after, given).finally(resolve);
    const feed = followJobs(ann, filter, { ...read, changes });
    return { feed, attached };
  }

  it('shows what changes from now on, not what changed before', async () => {
    await enqueue(ann, 'quick');
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
