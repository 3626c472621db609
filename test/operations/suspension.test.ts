import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import type { Deps } from '#domain/core/deps.ts';
import { write } from '#domain/core/write.ts';
import { cancelJob, retryJob } from '#domain/jobs/jobs.ts';
import { requestErasure } from '#domain/operations/erasure/request-erasure.ts';
import { stopWork } from '#domain/operations/suspension/stop-work.ts';
import { suspendUser, unsuspendUser } from '#domain/operations/suspension/suspend-user.ts';
import { makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import { campaignOf, makeClosedCampaign, waitForCampaign } from '../support/campaigns.ts';
import { clientOf } from '../support/client.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { makeClips, makeConversation } from '../support/fixtures.ts';
import { connect, openSocket } from '../support/graphql-socket.ts';
import { bearer, httpRequest } from '../support/http.ts';
import { countEffects, createEffectsTable, enqueue, insertEpisode, waitForJob } from '../support/job-rows.ts';
import { insertRecording } from '../support/media.ts';
import { CallLead, SuspendUser, UnsuspendUser } from '../support/operations.ts';
import { useServices } from '../support/services.ts';
import { sql } from '../support/sql.ts';
import { startStopwatch } from '../support/stopwatch.ts';
import { until } from '../support/until.ts';
import { createUpload, head } from '../support/uploads.ts';
import { type App, useParley } from '../support/use-parley.ts';

const REASON = 'unpaid, since מאי';
const VIEWER = '{ viewer { username } }';
const HEALTH = 'subscription { healthChanged { status } }';
const REFUSED = [{ message: expect.stringContaining('suspended'), extensions: { code: 'USER_SUSPENDED' } }];

const suspending = (app: App, userId: string, reason = REASON) =>
  app.admin.ask(SuspendUser, { input: { userId, reason } });
const lifting = (app: App, userId: string) => app.admin.ask(UnsuspendUser, { input: { userId, reason: 'paid' } });

describeOnEachDatabase((on) => {
  const app = useParley({ on, env: { ...OPEN_ALL_HOURS, SIMULATED_CALL_SPEED: '1' } });

  it('refuses all keys of the user everywhere, ends what is open, and can be lifted; nothing is gone', async () => {
    const ann = await app.user();
    const bot = await app.user({ scopes: ['READ', 'WRITE', 'ACT_AS'] });
    const conversation = await makeConversation(ann, 3);
    const [socket, other] = await Promise.all([connect(app.parley.url, bearer(ann.key)), app.user()]);
    socket.send({ type: 'subscribe', id: 'health', payload: { query: HEALTH } });
    await socket.waitFor(({ id }) => id === 'health');
    const acting = clientOf(app.parley.url, bot.key, { 'x-act-as': ann.username });
    expect((await acting.ask(VIEWER)).viewer.username).toBe(ann.username);

    const { suspendUser: suspended } = await suspending(app, ann.id);

    expect(suspended?.user).toMatchObject({ suspendedAt: expect.any(String), suspendedReason: REASON });
    const refused = await ann.send(VIEWER);
    expect(refused).toMatchObject({ status: 403, errors: REFUSED });
    expect(await socket.closed).toMatchObject({ code: 4403 });
    expect((await acting.send(VIEWER)).errors).toMatchObject(REFUSED);
    const again = await openSocket(app.parley.url);
    again.send({ type: 'connection_init', payload: bearer(ann.key) });
    expect(await again.closed).toEqual({ code: 4403, reason: expect.stringContaining('suspended') });
    expect((await other.ask(VIEWER)).viewer.username).toBe(other.username);

    const { unsuspendUser } = await lifting(app, ann.id);

    expect(unsuspendUser?.user).toMatchObject({ suspendedAt: null, suspendedReason: null });
    const { data } = await ann.send('query ($id: ID!) { conversation(id: $id) { messageCount } }', {
      id: conversation,
    });
    expect(data).toEqual({ conversation: { messageCount: 3 } });
    expect((await acting.ask(VIEWER)).viewer.username).toBe(ann.username);
  }, 60_000);

  it('does not show the user why, nor when', async () => {
    const ann = await app.user();
    await suspending(app, ann.id);
    expect(JSON.stringify((await ann.send(VIEWER)).errors)).not.toContain('unpaid');
  });

  it('keeps the first reason and time where it is repeated', async () => {
    const ann = await app.user();
    const first = await suspending(app, ann.id);
    const second = await suspending(app, ann.id, 'another');
    expect(second.suspendUser?.user).toEqual(first.suspendUser?.user);
  });

  it.each([[''], ['x'.repeat(501)], ['a\0b'], ['\ud800']])('refuses the reason %j', async (reason) => {
    const ann = await app.user();
    const input = { userId: ann.id, reason };
    const answers = await Promise.all([
      app.admin.send(SuspendUser, { input }),
      app.admin.send(UnsuspendUser, { input }),
    ]);
    for (const { errors } of answers)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'input.reason' } }]);
  });

  it('pauses campaigns and cancels calls that nobody has answered; both can go on later', async () => {
    const ann = await app.user();
    const campaignId = await makeClosedCampaign(ann, 'RUNNING');
    const { callLead } = await ann.ask(CallLead, { input: { leadId: await makeCallable(ann) } });
    const callId = callLead?.call.id as string;
    await waitForCall(ann, callId, (status) => status !== 'QUEUED');

    await suspending(app, ann.id);

    const jobs =
      '{ jobs(allUsers: true, filter: { kinds: [RUN_CAMPAIGN] }, first: 1) { edges { node { status error { code } } } } }';
    const [{ node: job }] = await until(
      async () => (await app.admin.ask(jobs)).jobs.edges,
      ([{ node }]) => node.status !== 'RUNNING',
    );
    expect(job).toEqual({ status: 'FAILED', error: { code: 'USER_SUSPENDED' } });
    await lifting(app, ann.id);
    expect((await campaignOf(ann, campaignId)).status).toBe('PAUSED');
    expect(await waitForCall(ann, callId)).toMatchObject({ status: 'CANCELLED' });
    await ann.ask('mutation ($id: ID!) { resumeCampaign(input: { campaignId: $id }) { campaign { id } } }', {
      id: campaignId,
    });
    expect((await campaignOf(ann, campaignId)).status).toBe('RUNNING');
    await waitForCampaign(ann, campaignId, ({ job }) => job?.status === 'RUNNING');
  }, 60_000);
});

const app = useParley();

it('refuses the keys at every endpoint, and the signed addresses of files', async () => {
  const ann = await app.user();
  const [clip = ''] = await makeClips(ann);
  await insertRecording(app.database, clip);
  const { episodes } = await ann.ask('{ episodes { edges { node { mediaUrl } } } }');
  const { mediaUrl } = episodes.edges[0].node;
  const { url } = await createUpload(ann, 10);
  await suspending(app, ann.id);
  expect((await head(ann, url)).status).toBe(403);
  const codeAt = async (path: string, method = 'GET') => {
    const { href } = new URL(path, app.parley.url);
    const { status, json } = await httpRequest(href, { method, headers: bearer(ann.key) });
    return [path, status, json?.errors?.[0]?.extensions.code];
  };
  const paths = ['/graphql?query={__typename}', '/leads.csv', '/calls.csv', '/storage/stats', '/queue/stats', mediaUrl];
  const posts = ['/conversations', '/leads', '/leads/imports', '/episodes?title=x'];
  const answers = [...paths.map((path) => codeAt(path)), ...posts.map((path) => codeAt(path, 'POST'))];
  expect(await Promise.all(answers)).toEqual([...paths, ...posts].map((path) => [path, 403, 'USER_SUSPENDED']));
});

it('ends what is open on other processes, without a word between them', async () => {
  const [ann, other] = [await app.user(), await app.start('server')];
  const socket = await connect(other.url, bearer(ann.key));
  socket.send({ type: 'subscribe', id: 'health', payload: { query: HEALTH } });
  await socket.waitFor(({ id }) => id === 'health');
  const elapsedMs = startStopwatch(other);
  await suspending(app, ann.id);
  expect(await socket.closed).toMatchObject({ code: 4403 });
  expect(elapsedMs()).toBeLessThan(2_500);
});

it('ends jobs that sleep where the process that suspended the user died before it woke them, with the next start', async () => {
  const ann = await app.user();
  const campaignId = await makeClosedCampaign(ann, 'RUNNING');
  const jobs = () =>
    sql<{ asleep: boolean; code: string | null }>(
      app.database,
      `SELECT j.sleeps_until IS NOT NULL AS asleep, error_code AS code FROM jobs j JOIN users u ON u.id = requested_by_id
       WHERE u.username = $1 AND kind = 'RUN_CAMPAIGN'`,
      [ann.username],
    );
  await until(jobs, ([job]) => job?.asleep === true);
  await sql(app.database, `UPDATE users SET suspended_at = now(), suspended_reason = 'unpaid' WHERE username = $1`, [
    ann.username,
  ]);
  await app.start('server');
  expect(await until(jobs, ([job]) => job?.code != null)).toEqual([{ asleep: false, code: 'USER_SUSPENDED' }]);
  await lifting(app, ann.id);
  expect((await campaignOf(ann, campaignId)).status).toBe('PAUSED');
}, 60_000);

describe('the jobs of a user who is suspended', () => {
  const { services, newUser, startWorkerProcess } = useServices();
  beforeAll(() => createEffectsTable(services));

  it('fail at once where they run, and when a worker gets them; they can be retried once that is lifted', async () => {
    const [admin, ann, bob] = [await newUser('ADMIN'), await newUser(), await newUser()];
    const worker = await startWorkerProcess();
    const running = await enqueue(ann, 'hold');
    await worker.waitFor('begun', running);
    await suspendUser(admin, { userId: ann.actor.userId, reason: REASON });
    // By a request that was under way.
    const later = await enqueue(ann, 'quick', { episodeId: await insertEpisode(ann) });
    const others = await enqueue(bob, 'quick');
    const failed = { status: 'FAILED', errorCode: 'USER_SUSPENDED', errorRetryable: true };
    for (const id of [running, later]) expect(await waitForJob(services, id, 'FAILED')).toMatchObject(failed);
    await waitForJob(services, others, 'SUCCEEDED');
    expect(worker.messages.some((message) => 'jobId' in message && message.jobId === later)).toBe(false);

    await unsuspendUser(admin, { userId: ann.actor.userId, reason: 'paid' });
    await retryJob(ann, { jobId: later });
    await waitForJob(services, later, 'SUCCEEDED');
    expect(await countEffects(services, later)).toBe(1);
  });

  it('fail where another transaction held one for too long, which says that the suspension is begun, not nothing', async () => {
    const [admin, ann] = [await newUser('ADMIN'), await newUser()];
    const worker = await startWorkerProcess();
    const running = await enqueue(ann, 'hold');
    await worker.waitFor('begun', running);
    const holder = await services.database.pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM jobs WHERE id = $1 FOR UPDATE', [running]);
    const input = { userId: ann.actor.userId, reason: REASON, idempotencyKey: 'once' };
    const message = expect.stringContaining('A part of this one may be done already');
    await expect(suspendUser(admin, input)).rejects.toMatchObject({ code: 'UNAVAILABLE', message });
    await holder.query('ROLLBACK');
    holder.release();
    expect((await suspendUser(admin, input)).suspendedReason).toBe(REASON);
    expect(await waitForJob(services, running, 'FAILED')).toMatchObject({ errorCode: 'USER_SUSPENDED' });
  });

  it('fail where the process that suspended the user died before it stopped them', async () => {
    const ann = await newUser();
    const worker = await startWorkerProcess();
    const running = await enqueue(ann, 'hold');
    await worker.waitFor('begun', running);
    const data = { suspendedAt: new Date(), suspendedReason: REASON };
    await services.database.prisma.user.update({ where: { id: ann.actor.userId }, data });
    expect(await waitForJob(services, running, 'FAILED')).toMatchObject({ errorCode: 'USER_SUSPENDED' });
  });
});

describe('a job that is about to sleep when its user is suspended', () => {
  const { services, newUser, startWorker } = useServices({ works: true });

  /** Resolves with a job, once it failed, that sleeps at the end of its first run, in which `first` happens, and throws in its second. */
  const runTwice = async (user: Deps, first: () => Promise<unknown>) => {
    let runs = 0;
    const worker = await startWorker({
      concurrency: { light: 1 },
      runOf: () => async (_deps, _payload, job) => {
        runs += 1;
        if (runs === 2) throw new Error('woken');
        await first();
        await job.sleep(null);
      },
    });
    const job = await write(user, {
      action: 'test',
      run: ({ enqueue }) => enqueue({ kind: 'EMBED_MEMORIES', payload: { all: true } }),
    });
    const ended = await waitForJob(services, job.id, 'FAILED', 'RETRYING');
    await worker.stop({ graceMs: 0 });
    return ended;
  };

  it('does not sleep, although nobody stopped it', async () => {
    const ann = await newUser();
    const data = { suspendedAt: new Date(), suspendedReason: REASON };
    const job = await runTwice(ann, () =>
      services.database.prisma.user.update({ where: { id: ann.actor.userId as string }, data }),
    );
    expect(job).toMatchObject({ status: 'FAILED', errorCode: 'USER_SUSPENDED', sleepsUntil: null });
  });

  it('is woken where it slept before it could know', async () => {
    const ann = await newUser();
    const user = await services.database.prisma.user.findUniqueOrThrow({ where: { id: ann.actor.userId as string } });
    const job = await runTwice(ann, () => stopWork(ann, user, 'unanswered calls'));
    expect(job.errorCode).toBe('INTERNAL_SERVER_ERROR');
  });
});

describe('what stops the work of a user', () => {
  const { services, newUser } = useServices();

  /** Two running jobs, the older one first, and a connection whose transaction has locked the newer one. */
  async function makeRunning(user: Deps) {
    const [older, newer] = [await enqueue(user, 'hold'), await enqueue(user, 'hold')];
    await services.database.prisma.job.updateMany({
      data: { status: 'RUNNING' },
      where: { id: { in: [older, newer] } },
    });
    const holder = await services.database.pool.connect();
    onTestFinished(() => holder.release(true));
    await holder.query("BEGIN; SET LOCAL lock_timeout = '500ms'");
    await holder.query('SELECT FROM jobs WHERE id = $1 FOR UPDATE', [newer]);
    const userId = user.actor.userId as string;
    const stopping = stopWork(user, { id: userId, role: 'USER' }, 'unanswered calls');
    const stopped = async () =>
      (await services.database.prisma.job.findMany({ where: { wakes: { gt: 0 }, requestedById: userId } })).length;
    return { older, holder, stopping, stopped };
  }

  it('holds no job while it waits for another, as whoever ends a call of a campaign locks both the other way round', async () => {
    const { older, holder, stopping, stopped } = await makeRunning(await newUser());
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    await until(
      async () => (await services.database.pool.query(waiting)).rows,
      (waits) => waits.length > 0,
    );
    await holder.query('SELECT FROM jobs WHERE id = $1 FOR UPDATE', [older]);
    await holder.query('COMMIT');
    await stopping;
    expect(await stopped()).toBe(2);
  });

  it('stops all others where one is held for too long, and says so', async () => {
    const { stopping, stopped } = await makeRunning(await newUser());
    await expect(stopping).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await stopped()).toBe(1);
  });
});

describe('nobody is left out of reach', () => {
  const { services, newUser } = useServices();
  const suspend = (by: Deps, { actor: { userId } }: Deps) => suspendUser(by, { userId, reason: REASON });

  it('neither by suspending oneself, nor the last ADMIN', async () => {
    const [one, other] = [await newUser('ADMIN'), await newUser('ADMIN')];
    const operator = { ...one, actor: SYSTEM_ACTOR };
    await expect(suspend(one, one)).rejects.toMatchObject({ code: 'CONFLICT' });
    await suspend(one, other);
    await expect(suspend(operator, one)).rejects.toMatchObject({ code: 'CONFLICT' });
    const erasing = requestErasure(operator, { userId: one.actor.userId, dryRun: false });
    await expect(erasing).rejects.toMatchObject({ code: 'CONFLICT' });
    await services.database.prisma.user.updateMany({ data: { role: 'USER' } });
  });

  it('nor by ADMINs who suspend one another at the same moment', async () => {
    const admins = await Promise.all(Array.from({ length: 4 }, () => newUser('ADMIN')));
    const attempts = admins.map((admin, index) => suspend(admin, admins[(index + 1) % 4] as Deps));
    const results = await Promise.allSettled(attempts);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toMatchObject([{ code: 'CONFLICT' }]);
    expect(await services.database.prisma.user.count({ where: { role: 'ADMIN', suspendedAt: null } })).toBe(1);
  });

  it('nor by retrying the erasure of the only ADMIN who is left since', async () => {
    await services.database.prisma.user.updateMany({ data: { role: 'USER' } });
    const [one, other] = [await newUser('ADMIN'), await newUser('ADMIN')];
    const { job } = await requestErasure(one, { userId: other.actor.userId, dryRun: false });
    const { id: jobId } = await cancelJob(one, { jobId: job?.id as string });
    await suspend(other, one);
    await expect(retryJob(other, { jobId })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('is NOT_FOUND where there is no such user', async () => {
    const [admin, gone] = [await newUser('ADMIN'), uuidv7()];
    for (const change of [suspendUser, unsuspendUser])
      await expect(change(admin, { userId: gone, reason: REASON })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
