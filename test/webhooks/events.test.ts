import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookEventType } from '#generated/prisma/enums.ts';
import { findPhone, makeCall, makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import { makeCampaign, waitForCampaign } from '../support/campaigns.ts';
import type { Client } from '../support/client.ts';
import { chatGptConversation, importExport } from '../support/exports.ts';
import { makeConversation, makeEpisode, makeLead, makeMeeting, newTime, processToEnd } from '../support/fixtures.ts';
import { bearer } from '../support/http.ts';
import { makeSound } from '../support/media.ts';
import { CallLead, CancelMeeting, StartCampaign, UpdateLead } from '../support/operations.ts';
import { readReply, send } from '../support/replies.ts';
import { describeWith } from '../support/requirements.ts';
import { startTranscriber, verboseJson } from '../support/transcriber-server.ts';
import { until } from '../support/until.ts';
import { createUpload, patch } from '../support/uploads.ts';
import { useParley } from '../support/use-parley.ts';
import { type Delivery, startWebhookReceiver } from '../support/webhook-receiver.ts';
import { makeWebhook } from '../support/webhooks.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
type Event = { type: WebhookEventType; timestamp: string; data: Record<string, unknown> };
const EXAMPLES = [...PAGE.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json = '']) => JSON.parse(json) as Event);

/** What came while the tests of this file ran. */
const received = new Map<string, Delivery>();

it('docs/webhooks.md has every event in its table, with an example', () => {
  const types = Object.values(WebhookEventType);
  expect(new Set(EXAMPLES.map(({ type }) => type))).toEqual(new Set(types));
  for (const type of types) expect(PAGE).toContain(`\n| ${type} | `);
});

/** The data of an event that came, which has the fields of an example on the page. */
function dataOf({ type, data, timestamp, ...delivery }: Delivery): Delivery['data'] {
  received.set(delivery.id, { type, data, timestamp, ...delivery });
  const shapes = EXAMPLES.filter((example) => example.type === type).map((example) => Object.keys(example.data).sort());
  expect(shapes).toContainEqual(Object.keys(data).sort());
  return data;
}

const nodeOf = async (client: Client, id: string | null | undefined) =>
  (await client.ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id })).node?.__typename;

const receiver = await startWebhookReceiver();
afterAll(() => receiver.stop());
const env = { WEBHOOK_ALLOW_LOOPBACK: 'true', ...OPEN_ALL_HOURS };

/** A user all of whose events come here. */
async function listen(app: { user(): Promise<Client> }, name: string): Promise<Client> {
  const owner = await app.user();
  const { id, secret } = await makeWebhook(owner, receiver.urlOf(name), Object.values(WebhookEventType));
  receiver.trust(secret);
  await owner.ask('mutation ($id: ID!) { sendTestEvent(input: { webhookId: $id }) { delivery { id } } }', { id });
  return owner;
}

const next = async (name: string, type: WebhookEventType, has: Record<string, unknown> = {}) =>
  dataOf(
    await receiver.waitFor(
      (one) =>
        one.path === `/hooks/${name}` &&
        one.type === type &&
        Object.entries(has).every(([field, value]) => one.data[field] === value),
    ),
  );

describe('what happens', () => {
  const app = useParley({ env });
  let ann: Client;
  beforeAll(async () => {
    ann = await listen(app, 'ann');
  });
  afterAll(() => {
    const types = new Set([...received.values()].map(({ type }) => type));
    const here = Object.values(WebhookEventType).filter((type) => type !== 'CLIP_RENDERED');
    expect([...types].sort()).toEqual(here.sort());
  });

  it('to replies, that are written, written again, and stopped', async () => {
    await next('ann', 'WEBHOOK_TEST');
    const { reply } = await send(ann, 'Hello there.', await makeConversation(ann));
    await readReply(ann, reply.id);
    expect(await next('ann', 'REPLY_FINISHED')).toMatchObject({ messageId: reply.id, status: 'COMPLETE' });
    const regenerate = 'mutation ($id: ID!) { regenerateReply(input: { messageId: $id }) { reply { id } } }';
    await ann.ask(regenerate, { id: reply.id });
    await until(
      async () => receiver.taken().filter(({ type, data }) => type === 'REPLY_FINISHED' && data.messageId === reply.id),
      ({ length }) => length === 2,
    );
    expect(await next('ann', 'JOB_FINISHED', { kind: 'GENERATE_REPLY' })).toMatchObject({
      ...{ status: 'SUCCEEDED', subjectId: reply.id, errorCode: null },
    });
    const stopped = await send(ann, 'Tell me a story.');
    await ann.ask('mutation ($id: ID!) { stopReply(input: { messageId: $id }) { __typename } }', {
      id: stopped.reply.id,
    });
    const ended = await next('ann', 'REPLY_FINISHED', { messageId: stopped.reply.id });
    expect(['CANCELLED', 'COMPLETE']).toContain(ended.status);
  });

  it('to episodes, and jobs that fail', async () => {
    const good = await makeEpisode(ann);
    await processToEnd(ann, good);
    expect(await next('ann', 'EPISODE_READY')).toEqual({ episodeId: good, status: 'READY', errorCode: null });
    const bad = await makeEpisode(ann, 1);
    const job = await processToEnd(ann, bad);
    expect(await next('ann', 'EPISODE_FAILED')).toEqual({ episodeId: bad, status: 'FAILED', errorCode: 'CONFLICT' });
    expect(await next('ann', 'JOB_FAILED')).toEqual({
      ...{ jobId: job.id, kind: 'PROCESS_EPISODE', status: 'FAILED', subjectId: bad, errorCode: 'CONFLICT' },
    });
  });

  it('to calls, and to leads that ask for no more of them', async () => {
    const call = await waitForCall(ann, await makeCall(ann));
    const ended = await next('ann', 'CALL_ENDED', { callId: call.id });
    expect(ended).toMatchObject({
      status: call.status,
      outcome: call.outcome,
      campaignId: null,
      direction: 'OUTBOUND',
    });
    expect(await nodeOf(ann, ended.leadId)).toBe('Lead');
    const phone = findPhone(
      ({ persona, party, unanswered }) => persona === 'refuses' && party === 'person' && !unanswered,
    );
    const leadId = await makeCallable(ann, { phone });
    const { callLead } = await ann.ask(CallLead, { input: { leadId } });
    expect(await next('ann', 'LEAD_REFUSED')).toEqual({ leadId, callId: callLead?.call.id });
    const other = await makeLead(ann);
    await ann.ask(UpdateLead, { input: { leadId: other, status: 'DO_NOT_CALL' } });
    expect(await next('ann', 'LEAD_REFUSED', { leadId: other })).toEqual({ leadId: other, callId: null });
  });

  it('to meetings, also those that the agent books', async () => {
    const meeting = await makeMeeting(ann);
    const booked = await next('ann', 'MEETING_BOOKED', { meetingId: meeting });
    const startsAt = newTime();
    const move = 'mutation ($input: UpdateMeetingInput!) { updateMeeting(input: $input) { meeting { startsAt } } }';
    await ann.ask(move, { input: { meetingId: meeting, title: 'Other' } });
    await ann.ask(move, { input: { meetingId: meeting, startsAt } });
    expect(await next('ann', 'MEETING_MOVED')).toMatchObject({ ...booked, startsAt, endsAt: expect.any(String) });
    await ann.ask(CancelMeeting, { id: meeting });
    expect(await next('ann', 'MEETING_CANCELLED')).toMatchObject({ meetingId: meeting, startsAt });
    expect(receiver.taken().filter(({ type }) => type === 'MEETING_MOVED')).toHaveLength(1);
    const phone = findPhone(
      ({ persona, party, unanswered }) => persona === 'books' && party === 'person' && !unanswered,
    );
    const { callLead } = await ann.ask(CallLead, { input: { leadId: await makeCallable(ann, { phone }) } });
    await next('ann', 'MEETING_BOOKED', { callId: callLead?.call.id });
  });

  it('to campaigns', async () => {
    const id = await makeCampaign(ann, 2);
    await ann.ask(StartCampaign, { id });
    const { progress } = await waitForCampaign(ann, id, ({ status }) => status === 'COMPLETED');
    const { reached, notReached, blocked } = progress;
    expect(await next('ann', 'CAMPAIGN_FINISHED')).toMatchObject({ campaignId: id, reached, notReached, blocked });
    const calls = receiver.taken().filter(({ type, data }) => type === 'CALL_ENDED' && data.campaignId === id);
    expect(calls.length).toBeGreaterThan(1);
  });

  it('to files that are imported', async () => {
    const response = await fetch(`${app.parley.url}/leads/imports?defaultLanguage=he`, {
      method: 'POST',
      headers: { ...bearer(ann.key), 'content-type': 'text/csv' },
      body: 'שם,טלפון\nדנה,0522310001\nגיל,none\n',
    });
    const { job } = (await response.json()) as { job: { id: string } };
    expect(await next('ann', 'IMPORT_FINISHED', { of: 'LEADS' })).toEqual({
      ...{ jobId: job.id, of: 'LEADS', rows: 2, created: 1, updated: 0, errorCount: 1 },
    });
    await importExport(app.parley.url, ann, [chatGptConversation('one', 2)]);
    expect(await next('ann', 'IMPORT_FINISHED', { of: 'CONVERSATIONS' })).toMatchObject({
      conversations: 1,
      messages: 2,
    });
  });
});

describeWith('ffmpeg', 'what happens to files', async () => {
  const transcriber = await startTranscriber();
  const app = useParley({ env: { ...env, ...transcriber.env } });

  it('of clips', async () => {
    transcriber.answer(() => ({
      body: verboseJson('we found seven letters in the attic and nobody knows who has written them to us . yes'),
    }));
    const ann = await listen(app, 'clips');
    const recording = makeSound('aevalsrc=0.3*sin(1885*t)*(lt(t\\,12)+gt(t\\,20)):d=35', '-f', 'wav', '-');
    const upload = await createUpload(ann, recording.length, 'talk.wav');
    await patch(ann, upload.url, { offset: 0, body: recording });
    const { episodeId } = await next('clips', 'EPISODE_READY');
    const read = 'query ($id: ID!) { episode(id: $id) { clips(first: 1) { edges { node { id } } } } }';
    const clipId = (await ann.ask(read, { id: episodeId })).episode.clips.edges[0].node.id;
    await ann.ask('mutation ($id: ID!) { renderClip(input: { clipId: $id }) { job { id } } }', { id: clipId });
    const rendered = await next('clips', 'CLIP_RENDERED');
    expect(rendered).toMatchObject({ clipId, episodeId });
    expect(Number(rendered.bytes)).toBeGreaterThan(1_000);
  });
});
