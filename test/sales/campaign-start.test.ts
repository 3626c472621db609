import { describe, expect, it } from 'vitest';
import type { UpdateCampaignInput } from '../generated/graphql.ts';
import { OPEN_ALL_HOURS } from '../support/calls.ts';
import { campaignOf, makeCampaign, waitForCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import { CancelCampaign, CreateCampaign, StartCampaign, UpdateCampaign } from '../support/operations.ts';
import { sql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { setUpProcesses, useParley } from '../support/use-parley.ts';

const ENV = { ...OPEN_ALL_HOURS, MAX_DAILY_CALLS_PER_NUMBER: '100' };
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const TOMORROW = inSeconds(24 * 3_600);

const update = async (owner: Client, input: UpdateCampaignInput) => {
  const { data, errors } = await owner.send(UpdateCampaign, { input });
  return { campaign: data?.updateCampaign?.campaign, error: errors?.[0]?.extensions };
};

describe.each(['postgres', 'embedded'] as const)('a campaign with a time on the %s database', (on) => {
  const app = useParley({ on, env: ENV });

  it('starts by itself then, and not before; its job sleeps until then', async () => {
    const ann = await app.user();
    const startsAt = inSeconds(3);
    const id = await makeCampaign(ann, 2, { maxAttempts: 1, startsAt });
    const draft = await waitForCampaign(ann, id, ({ job }) => job?.status === 'RUNNING');
    expect(draft).toMatchObject({ status: 'DRAFT', startsAt, startedAt: null, calls: { totalCount: 0 } });
    const over = await waitForCampaign(ann, id, ({ status }) => status === 'COMPLETED');
    expect(over).toMatchObject({ startsAt, progress: { pending: 0 }, job: { status: 'SUCCEEDED' } });
    expect(Date.parse(over.startedAt as string)).toBeGreaterThanOrEqual(Date.parse(startsAt));
    const { auditLog } = await app.admin.ask(
      '{ auditLog(action: "campaign.start") { edges { node { subjectId actor { id } } } } }',
    );
    expect(auditLog.edges).toContainEqual({ node: { subjectId: id, actor: { id: ann.id } } });
  }, 30_000);

  it('is moved, started at once, and cancelled before it starts', async () => {
    const ann = await app.user();
    const [moved, early, cancelled, removed] = (await Promise.all(
      Array.from({ length: 4 }, () => makeCampaign(ann, 1, { maxAttempts: 1, startsAt: TOMORROW })),
    )) as [string, string, string, string];
    const soon = inSeconds(2);
    expect((await update(ann, { campaignId: moved, startsAt: soon })).campaign?.startsAt).toBe(soon);
    await ann.ask(StartCampaign, { id: early });
    await ann.ask(CancelCampaign, { id: cancelled });
    await update(ann, { campaignId: removed, startsAt: inSeconds(1) });
    expect((await update(ann, { campaignId: removed, startsAt: null })).campaign).toMatchObject({ startsAt: null });
    await waitForCampaign(ann, moved, ({ status }) => status === 'COMPLETED');
    expect(await waitForCampaign(ann, early, ({ status }) => status === 'COMPLETED')).toMatchObject({ startsAt: null });
    expect(await campaignOf(ann, cancelled)).toMatchObject({ status: 'CANCELLED', calls: { totalCount: 0 } });
    expect(await campaignOf(ann, removed)).toMatchObject({ status: 'DRAFT', calls: { totalCount: 0 } });
    expect((await update(ann, { campaignId: removed, startsAt: inSeconds(1) })).campaign?.status).toBe('DRAFT');
    await waitForCampaign(ann, removed, ({ status }) => status === 'COMPLETED');
    expect((await update(ann, { campaignId: removed, startsAt: TOMORROW })).error).toMatchObject({ code: 'CONFLICT' });
  }, 30_000);

  it('has a time in the future, and before it has started', async () => {
    const ann = await app.user();
    const campaignId = await makeCampaign(ann, 1);
    for (const startsAt of [inSeconds(-1), inSeconds(366 * 24 * 3_600)]) {
      const wrong = { code: 'BAD_USER_INPUT', field: 'input.startsAt' };
      expect((await update(ann, { campaignId, startsAt })).error).toMatchObject(wrong);
      const { errors } = await ann.send(CreateCampaign, { input: { name: 'x', goal: 'y', leadFilter: {}, startsAt } });
      expect(errors).toMatchObject([{ extensions: wrong }]);
    }
    await update(ann, { campaignId, callWindow: { start: '00:00', end: '23:59', days: [1, 2, 3, 4, 5, 6, 7] } });
    await ann.ask(StartCampaign, { id: campaignId });
    expect((await update(ann, { campaignId, startsAt: TOMORROW })).error).toMatchObject({ code: 'CONFLICT' });
  });
});

it('a campaign whose time comes while no worker runs starts with the next one', async (context) => {
  const { start, database } = await setUpProcesses(context, { env: { ...ENV, JOB_LEASE_MS: '10000' } });
  const [server, worker] = await Promise.all([start('server'), start('worker')]);
  const ann = await server.user();
  const id = await makeCampaign(ann, 1, { maxAttempts: 1, startsAt: inSeconds(4) });
  await until(
    () => sql(database, 'SELECT id FROM jobs WHERE sleeps_until IS NOT NULL'),
    (sleeping) => sleeping.length === 1,
  );
  worker.kill('SIGKILL');
  const { startsAt } = await campaignOf(ann, id);
  await until(
    async () => Date.now(),
    (now) => now > Date.parse(startsAt as string),
  );
  expect(await campaignOf(ann, id)).toMatchObject({ status: 'DRAFT' });
  await start('worker');
  await waitForCampaign(ann, id, ({ status }) => status === 'COMPLETED');
}, 60_000);
