import { beforeAll, describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import { makeCampaign, waitForCampaign } from '../support/campaigns.ts';
import {
  CallLead,
  CampaignLeads,
  CancelCall,
  CreateCampaign,
  ResumeCampaign,
  StartCampaign,
} from '../support/operations.ts';
import type { Parley, User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import { startAtPort, type TwilioCall, useTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const twilio = await useTwilioServer();
const processes = useProcesses({ env: { ...OPEN_ALL_HOURS, CALL_RETRY_HOURS: '4', ...twilio.env } });
let parley: Parley;
let ann: User;

beforeAll(async () => {
  parley = await startAtPort(processes);
  ann = await parley.user();
});

const ACCOUNT = { status: 401, code: 20003, message: 'Authenticate' };

describe('an account that its provider refuses', () => {
  it('costs no lead an attempt: its campaign is paused with the provider’s words, and calls everybody once that is mended', async () => {
    twilio.allCreations(ACCOUNT);
    const id = await makeCampaign(ann, 3, { maxAttempts: 1, maxConcurrentCalls: 2 });
    await ann.ask(StartCampaign, { id });
    const paused = await waitForCampaign(ann, id, ({ status, job }) => status === 'PAUSED' && job?.status === 'FAILED');
    expect(paused.job).toMatchObject({
      status: 'FAILED',
      error: { message: expect.stringContaining('(20003): Authenticate') },
    });
    await waitForCampaign(ann, id, ({ progress }) => progress.pending === 3);
    const { campaign } = await ann.ask(CampaignLeads, { id, first: 10 });
    for (const { node } of campaign?.leads.edges ?? []) expect(node).toMatchObject({ status: 'PENDING', attempts: 0 });
    const tried = 'SELECT id FROM leads WHERE attempts > 0 OR last_attempt_at IS NOT NULL';
    expect(await sql(processes.database, tried)).toEqual([]);
    expect(await lineHealth('DEGRADED')).toMatchObject({ message: expect.stringContaining('20003') });

    twilio.allCreations('make');
    await sql(processes.database, 'UPDATE campaign_leads SET due_at = now()');
    await ann.ask(ResumeCampaign, { id });
    for (let ended = 0; ended < 3; ended += 1) {
      const call = await until(
        async () => twilio.calls[ended],
        (made) => made !== undefined,
      );
      await tell(call as TwilioCall, 'busy');
    }
    await waitForCampaign(ann, id, ({ status, progress }) => status === 'COMPLETED' && progress.notReached === 3);
    await lineHealth('HEALTHY');
  });

  it('ends a call of its own as FAILED, which another may do better', async () => {
    const phone = findPhone();
    twilio.creations(phone, { code: 21212, message: 'The source number is not valid.' });
    const leadId = await makeCallable(ann, { phone });
    const failed = await call(leadId);
    expect(await waitForCall(ann, failed)).toMatchObject({
      status: 'FAILED',
      error: { message: expect.stringContaining('21212'), retryable: true },
      lead: { attempts: 0 },
    });
    await call(leadId);
    await twilio.waitForCall(phone);
  });
});

it('a provider that has too many calls is asked again, for a lead that was never tried', async () => {
  const [single, ofCampaign] = [findPhone(), findPhone()];
  for (const phone of [single, ofCampaign]) twilio.creations(phone, 'too-many');
  const id = await call(await makeCallable(ann, { phone: single }));
  const input = { name: 'x', goal: 'y', leadIds: [await makeCallable(ann, { phone: ofCampaign })] };
  const { createCampaign } = await ann.ask(CreateCampaign, { input });
  const campaignId = createCampaign?.campaign.id as string;
  await ann.ask(StartCampaign, { id: campaignId });
  await tell(await twilio.waitForCall(single), 'busy');
  expect(await waitForCall(ann, id)).toMatchObject({ status: 'BUSY', lead: { attempts: 1 } });
  await tell(await twilio.waitForCall(ofCampaign), 'busy');
  const leadOf = async () =>
    (await ann.ask(CampaignLeads, { id: campaignId, first: 1 })).campaign?.leads.edges[0]?.node;
  await until(leadOf, (lead) => lead?.status === 'PENDING' && lead.attempts === 1);
});

it('a call that is cancelled before its provider says that it has too many was no attempt', async () => {
  const phone = findPhone();
  const cancelled = Promise.withResolvers<void>();
  twilio.creations(phone, 'too-many', cancelled.promise);
  const leadId = await makeCallable(ann, { phone });
  const id = await call(leadId);
  await until(
    async () => twilio.asked.some((asked) => asked.phone === phone),
    (isAsked) => isAsked,
  );
  await ann.ask(CancelCall, { id });
  expect(await waitForCall(ann, id)).toMatchObject({ status: 'CANCELLED', lead: { attempts: 1 } });
  cancelled.resolve();
  await until(
    () => waitForCall(ann, id),
    ({ lead }) => lead.attempts === 0,
  );
  const left = `SELECT c.id FROM calls c JOIN leads l ON l.id = c.lead_id
    WHERE l.phone = $1 AND (c.dialled_at IS NOT NULL OR c.hang_up_at IS NOT NULL OR l.last_attempt_at IS NOT NULL)`;
  expect(await sql(processes.database, left, [phone])).toEqual([]);
});

it('a campaign calls a lead again whose call was cancelled before its provider said that it has too many', async () => {
  const [first, second] = [findPhone(), findPhone()];
  const cancelled = Promise.withResolvers<void>();
  twilio.creations(first, 'too-many', cancelled.promise);
  const leadIds = [await makeCallable(ann, { phone: first }), await makeCallable(ann, { phone: second })];
  const input = { name: 'x', goal: 'y', leadIds, maxAttempts: 1, maxConcurrentCalls: 1 };
  const { createCampaign } = await ann.ask(CreateCampaign, { input });
  const campaignId = createCampaign?.campaign.id as string;
  await ann.ask(StartCampaign, { id: campaignId });
  await until(
    async () => twilio.asked.some(({ phone }) => phone === first),
    (isAsked) => isAsked,
  );
  const dialing = "SELECT c.id FROM calls c WHERE c.phone = $1 AND c.status = 'DIALING'";
  const [row] = await sql<{ id: string }>(processes.database, dialing, [first]);
  await ann.ask(CancelCall, { id: Buffer.from(`Call:${row?.id}`).toString('base64url') });
  await twilio.waitForCall(second);
  const isDueSoon = `SELECT lead_id FROM campaign_leads c JOIN leads l ON l.id = c.lead_id
    WHERE l.phone = $1 AND c.due_at < now() + interval '2 minutes'`;
  expect(await sql(processes.database, isDueSoon, [first])).toEqual([]);
  const leads = async () => {
    const { campaign } = await ann.ask(CampaignLeads, { id: campaignId, first: 2 });
    return (campaign?.leads.edges ?? []).map(({ node }) => [node.status, node.attempts]).toSorted();
  };
  cancelled.resolve();
  await until(
    () => sql(processes.database, isDueSoon, [first]),
    (due) => due.length === 1,
  );
  expect(await leads()).toEqual([
    ['IN_PROGRESS', 1],
    ['PENDING', 0],
  ]);
});

async function call(leadId: string): Promise<string> {
  const { callLead } = await ann.ask(CallLead, { input: { leadId } });
  return callLead?.call.id as string;
}

const tell = (to: TwilioCall, CallStatus: string) =>
  twilio.post(parley, to.form.StatusCallback as string, { CallSid: to.sid, CallStatus });

const HEALTH = '{ health { components { name status message } } }';

const lineHealth = (status: string) =>
  until(
    async () => {
      const { health } = await parley.admin.ask(HEALTH);
      return health.components.find(({ name }: { name: string }) => name === 'telephony');
    },
    (line) => line.status === status,
  );
