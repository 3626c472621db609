import { beforeAll, describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import type { Client } from '../support/client.ts';
import {
  CallLead,
  CallOf,
  Calls,
  CampaignLeads,
  CancelCall,
  CancelCampaign,
  CreateCampaign,
  DeleteLead,
  ImportLeads,
  PauseCampaign,
  ResumeCampaign,
  StartCampaign,
  UpdateLead,
} from '../support/operations.ts';
import type { Parley, User } from '../support/parley.ts';
import { sql } from '../support/sql.ts';
import {
  type Creation,
  INBOUND,
  signatureOf,
  startAtPort,
  TWILIO_FROM,
  type TwilioCall,
  useTwilioServer,
} from '../support/twilio-server.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const twilio = await useTwilioServer();
const processes = useProcesses({ env: { ...OPEN_ALL_HOURS, ...twilio.env } });
let parley: Parley;
let ann: User;

beforeAll(async () => {
  parley = await startAtPort(processes, { TWILIO_INBOUND_USERNAME: 'admin' });
  ann = await parley.user();
});

const hear = (call: TwilioCall, action: string | null, SpeechResult?: string) =>
  twilio.post(parley, action as string, {
    CallSid: call.sid,
    CallStatus: 'in-progress',
    ...(SpeechResult !== undefined && { SpeechResult }),
  });

const MEETINGS =
  'query ($id: ID!) { lead(id: $id) { meetings { edges { node { status startsAt ics call { id } } } } } }';

/** Calls a lead; returns the call's id, and the call as Twilio has it. */
async function dial(phone = findPhone(), more = {}, creation: Creation = 'make') {
  twilio.creations(phone, creation);
  const leadId = await makeCallable(ann, { phone, ...more });
  return { id: await place(leadId), leadId, phone, call: await twilio.waitForCall(phone) };
}

/** Calls a lead while Twilio has a failure. */
async function dialInVain() {
  const phone = findPhone();
  twilio.creations(phone, 'error');
  return { id: await place(await makeCallable(ann, { phone })), phone };
}

const status = (call: TwilioCall, CallStatus: string, more = {}) =>
  twilio.post(parley, call.form.StatusCallback as string, { CallSid: call.sid, CallStatus, ...more });
const answered = (call: TwilioCall, more = {}) =>
  twilio.post(parley, call.form.Url as string, { CallSid: call.sid, CallStatus: 'in-progress', ...more });
describe('a call over Twilio', () => {
  it('is asked for with our addresses, bounds and the name and password of the account', async () => {
    const { id, call } = await dial();
    expect(call.form).toMatchObject({
      From: '+97239876543',
      Url: `https://parley.example/under/webhooks/twilio/voice?call=${rowIdOf(id)}`,
      Timeout: '30',
      TimeLimit: '600',
      MachineDetection: 'Enable',
    });
    expect(twilio.refusedRequests).toEqual([]);
    const { call: stored } = await until(
      () => ann.ask(CallOf, { id }),
      (data) => data.call?.providerCallId !== null,
    );
    expect(stored).toMatchObject({ status: 'DIALING', providerCallId: call.sid, provider: 'twilio' });
  });

  it('is asked for once, whatever is answered, and asked about when nothing is heard of it', async () => {
    const [made, failed, silent] = [await dial(findPhone(), {}, 'unanswered'), await dialInVain(), await dial()];
    await status(silent.call, 'ringing');
    for (const id of [made.id, failed.id]) {
      await waitForJob(id);
      expect(await ann.ask(CallOf, { id })).toMatchObject({ call: { status: 'DIALING', providerCallId: null } });
    }
    made.call.status = 'busy';
    silent.call.status = 'no-answer';
    await makeOverdue(made.id, failed.id, silent.id);
    expect(await waitForCall(ann, made.id)).toMatchObject({
      status: 'BUSY',
      providerCallId: made.call.sid,
      error: null,
    });
    const lost = { status: 'FAILED', error: { code: 'UNAVAILABLE', retryable: true } };
    expect(await waitForCall(ann, failed.id)).toMatchObject(lost);
    expect(await waitForCall(ann, silent.id)).toMatchObject({ status: 'NO_ANSWER' });
    expect([made, failed, silent].map(({ phone }) => callsTo(phone).length)).toEqual([1, 0, 1]);
  });

  it('fails by the provider’s own words where that refuses it', async () => {
    const phone = findPhone();
    twilio.creations(phone, { code: 21211, message: 'The number is not valid.' });
    const id = await place(await makeCallable(ann, { phone }));
    const over = await waitForCall(ann, id);
    expect(over).toMatchObject({ status: 'FAILED', error: { code: 'UNAVAILABLE', retryable: false } });
    expect(over.error?.message).toContain('21211');
  });

  it('is bound by our own id to events that come before the answer, and ends the same in another order', async () => {
    const { id, call } = await dial(findPhone(), {}, 'unanswered');
    const second = Math.floor(Date.now() / 1000);
    const [rung, begun, over] = [-15, -7, 0].map((seconds) => new Date((second + seconds) * 1000)) as [
      Date,
      Date,
      Date,
    ];
    const ended = { CallDuration: '7', Timestamp: over.toUTCString() };
    await status(call, 'completed', ended);
    await status(call, 'in-progress', { Timestamp: begun.toUTCString() });
    await status(call, 'ringing', { Timestamp: rung.toUTCString() });
    await status(call, 'completed', ended);
    expect(await waitForCall(ann, id)).toMatchObject({
      status: 'COMPLETED',
      providerCallId: call.sid,
      startedAt: begun.toISOString(),
      endedAt: over.toISOString(),
      durationSeconds: 7,
      outcome: 'NO_OUTCOME',
    });
  });

  it('is told of by webhooks, step by step, and talked in', async () => {
    const { id, call } = await dial();
    await status(call, 'initiated');
    await status(call, 'ringing');
    expect((await waitForCall(ann, id, (is) => is === 'RINGING')).status).toBe('RINGING');
    const begun = await answered(call, { AnsweredBy: 'human' });
    expect(begun).toMatchObject({ status: 200, type: 'text/xml; charset=utf-8' });
    expect(begun.says).not.toBe('');
    await status(call, 'completed', { CallDuration: '12', Timestamp: new Date().toUTCString() });
    const over = await waitForCall(ann, id);
    expect(over).toMatchObject({ status: 'COMPLETED', error: null });
    expect(over.conversation?.messages.edges[0]?.node).toMatchObject({ role: 'ASSISTANT', content: begun.says });
  });
});

/** Whether speech cuts off what TwiML says: only what is said within the `<Gather>`. */
const canBeCutOff = (xml: string) => xml.indexOf('<Gather') < xml.indexOf('<Say');

describe('a talk over Twilio', () => {
  it('in Hebrew ends in a meeting, which its owner finds', async () => {
    const { id, leadId, call } = await dial(findPhone(), { name: 'דנה לוי', language: 'he' });
    let turn = await answered(call, { AnsweredBy: 'human' });
    const said = [turn.says];
    const bargeIns = [canBeCutOff(turn.xml)];
    for (const words of ['כן, אפשר', 'כן, נשמע מעניין', 'הראשון מתאים לי', 'כן, נכון', 'תודה, להתראות']) {
      expect(turn).toMatchObject({ status: 200, language: 'he-IL', hangsUp: false });
      turn = await hear(call, turn.action, words);
      said.push(turn.says);
      bargeIns.push(canBeCutOff(turn.xml));
    }
    expect(turn.hangsUp).toBe(true);
    // How to refuse, the time that is said back, and that it is booked, are heard to the end.
    expect(bargeIns.slice(0, 5)).toEqual([false, true, true, false, false]);
    await status(call, 'completed', { CallDuration: '61' });
    const over = await waitForCall(ann, id);
    expect(over).toMatchObject({
      status: 'COMPLETED',
      outcome: 'MEETING_BOOKED',
      answeredBy: 'PERSON',
      lead: { id: leadId, status: 'MEETING_BOOKED' },
    });
    expect(over.conversation?.messages.edges.map(({ node }) => node.role)).toEqual(
      said.flatMap(() => ['ASSISTANT', 'USER']).slice(0, -1),
    );
    const { lead } = await ann.ask(MEETINGS, { id: leadId });
    expect(lead.meetings.edges).toMatchObject([{ node: { status: 'SCHEDULED', call: { id } } }]);
    expect(lead.meetings.edges[0].node.ics).toContain('BEGIN:VEVENT');
  });

  it('hears each turn once, whatever is sent again and later', async () => {
    const { id, call } = await dial();
    const begun = await answered(call, { AnsweredBy: 'human' });
    const first = await hear(call, begun.action, 'Yes, go ahead.');
    const repeats = await Promise.all(
      Array.from({ length: 20 }, (_, index) => hear(call, begun.action, index % 2 ? 'Yes, go ahead.' : 'Remove me.')),
    );
    expect(new Set(repeats.map(({ xml }) => xml))).toEqual(new Set([first.xml]));
    await hear(call, first.action, 'Not interested, goodbye.');
    expect((await hear(call, begun.action, 'Yes, go ahead.')).xml).toBe(first.xml);
    await status(call, 'completed');
    expect((await hear(call, begun.action, 'Yes, go ahead.')).xml).toBe(first.xml);
    const over = await waitForCall(ann, id);
    expect(over).toMatchObject({
      outcome: 'NOT_INTERESTED',
      lead: { status: expect.not.stringMatching('DO_NOT_CALL') },
    });
    expect(over.conversation?.messages.edges).toHaveLength(5);
  });

  it('ends politely where nobody says anything, and a voicemail is none', async () => {
    const { id, call } = await dial();
    let turn = await answered(call, { AnsweredBy: 'unknown' });
    const said: string[] = [];
    for (; !turn.hangsUp; turn = await hear(call, turn.action)) said.push(turn.says);
    expect(said).toHaveLength(3);
    expect(turn.says).not.toBe('');
    await status(call, 'completed', { CallDuration: '31' });
    expect(await waitForCall(ann, id)).toMatchObject({ outcome: 'NO_OUTCOME', answeredBy: 'UNKNOWN' });

    const machine = await dial();
    const left = await answered(machine.call, { AnsweredBy: 'machine_start' });
    if (!left.hangsUp) await hear(machine.call, left.action, 'Please leave a message after the tone.');
    await status(machine.call, 'completed', { CallDuration: '9' });
    expect(await waitForCall(ann, machine.id)).toMatchObject({ outcome: 'VOICEMAIL', answeredBy: 'VOICEMAIL' });
  });
});

describe('a call that is ended', () => {
  it('is ended at Twilio too, also while it rings, and says nothing any more', async () => {
    const { id, call } = await dial();
    await status(call, 'ringing');
    call.status = 'ringing';
    expect((await ann.ask(CancelCall, { id })).cancelCall?.call.status).toBe('CANCELLED');
    await twilio.waitForStatus(call, 'canceled');
    expect(await answered(call)).toMatchObject({ says: '', hangsUp: true });
    await status(call, 'canceled');
    expect(await waitForCall(ann, id)).toMatchObject({ status: 'CANCELLED', outcome: null });
    expect((await ann.ask(CancelCall, { id })).cancelCall?.call.status).toBe('CANCELLED');
  });

  it('is ended there again and again, where Twilio could not at once', async () => {
    const { id, call } = await dial();
    await status(call, 'ringing');
    twilio.failToEnd(call);
    await ann.ask(CancelCall, { id });
    expect(call.status).toBe('queued');
    await sql(processes.database, 'UPDATE calls SET hang_up_at = now() WHERE hang_up_at IS NOT NULL');
    await dial();
    await twilio.waitForStatus(call, 'canceled');
    await until(
      () => sql(processes.database, 'SELECT id FROM calls WHERE hang_up_at IS NOT NULL'),
      (left) => left.length === 0,
    );
  });

  it('is ended there as soon as it is heard of, where the answer to its creation never came', async () => {
    const { id, call } = await dial(findPhone(), {}, 'stall');
    await ann.ask(CancelCall, { id });
    expect(call.status).toBe('queued');
    await status(call, 'ringing');
    await twilio.waitForStatus(call, 'canceled');
    await status(call, 'canceled');
    expect((await waitForCall(ann, id)).status).toBe('CANCELLED');
  });

  it('is so where it stays in the queue of Twilio, or rings without end', async () => {
    const [waiting, ringing] = [await dial(), await dial()];
    ringing.call.status = 'ringing';
    await status(ringing.call, 'ringing');
    const longAgo = "UPDATE calls SET dialled_at = now() - interval '3 minutes' WHERE id = ANY($1)";
    await sql(processes.database, longAgo, [[waiting.id, ringing.id].map(rowIdOf)]);
    await makeOverdue(waiting.id, ringing.id);
    expect(await waitForCall(ann, waiting.id)).toMatchObject({ status: 'CANCELLED', error: { retryable: true } });
    expect(await waitForCall(ann, ringing.id)).toMatchObject({ status: 'FAILED', error: { retryable: true } });
    for (const { call } of [waiting, ringing]) await twilio.waitForStatus(call, 'canceled');
  });

  it('is so where its lead becomes DO_NOT_CALL', async () => {
    const { id, leadId, call } = await dial();
    await status(call, 'ringing');
    await ann.ask(UpdateLead, { input: { leadId, status: 'DO_NOT_CALL' } });
    await twilio.waitForStatus(call, 'canceled');
    expect((await waitForCall(ann, id)).status).toBe('CANCELLED');
  });

  it('is so where its number is imported as DO_NOT_CALL', async () => {
    const { id, call, phone } = await dial();
    await status(call, 'ringing');
    await ann.ask(ImportLeads, { input: { csv: `name,phone,status\nDana,${phone},DO_NOT_CALL\n` } });
    await twilio.waitForStatus(call, 'canceled');
    expect((await waitForCall(ann, id)).status).toBe('CANCELLED');
  });

  it('was no attempt of its campaign where that was paused while the phone rang: the lead is called again', async () => {
    const phone = findPhone();
    const input = { name: 'x', goal: 'y', leadIds: [await makeCallable(ann, { phone })], maxAttempts: 1 };
    const id = (await ann.ask(CreateCampaign, { input })).createCampaign?.campaign.id as string;
    await ann.ask(StartCampaign, { id });
    const call = await twilio.waitForCall(phone);
    await status(call, 'ringing');
    await ann.ask(PauseCampaign, { id });
    await twilio.waitForStatus(call, 'canceled');
    const { campaign } = await ann.ask(CampaignLeads, { id, first: 1 });
    expect(campaign?.leads.edges[0]?.node).toMatchObject({ status: 'PENDING', attempts: 0 });
    await sql(processes.database, 'UPDATE campaign_leads SET due_at = now() WHERE campaign_id = $1', [rowIdOf(id)]);
    await ann.ask(ResumeCampaign, { id });
    await until(
      async () => twilio.calls.filter(({ form }) => form.To === phone),
      (calls) => calls.length === 2,
    );
    await ann.ask(CancelCampaign, { id });
  });

  it('is gone with its lead, and what is told of it then has no effect', async () => {
    const { id, leadId, call } = await dial();
    await answered(call, { AnsweredBy: 'human' });
    call.status = 'in-progress';
    await ann.ask(DeleteLead, { id: leadId });
    await twilio.waitForStatus(call, 'completed');
    expect((await ann.ask(CallOf, { id })).call).toBeNull();
    expect((await status(call, 'completed')).status).toBe(204);
    expect(await answered(call)).toMatchObject({ says: '', hangsUp: true });
  });
});

describe('a webhook', () => {
  it('has no effect without the right signature', async () => {
    const { id, call } = await dial();
    const address = call.form.StatusCallback as string;
    const params = { CallSid: call.sid, CallStatus: 'busy' };
    const host = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const forged = signatureOf(address.replace('https://parley.example', 'http://evil.example'), params);
    for (const headers of [
      { 'x-twilio-signature': 'AAAA' },
      { 'x-twilio-signature': '' },
      { 'x-twilio-signature': signatureOf(address, params, 'another-token') },
      { 'x-twilio-signature': forged, ...host },
    ])
      expect((await twilio.post(parley, address, params, headers)).status).toBe(403);
    expect(
      (await twilio.post(parley, `${address}0`, params, { 'x-twilio-signature': signatureOf(address, params) })).status,
    ).toBe(403);
    expect((await ann.ask(CallOf, { id })).call?.status).not.toBe('BUSY');
    expect((await twilio.post(parley, address, params, host)).status).toBe(204);
    expect((await waitForCall(ann, id)).status).toBe('BUSY');
  });

  it('has its text as a database takes it, and two values of one parameter as they are signed', async () => {
    const { id, call } = await dial();
    const address = call.form.StatusCallback as string;
    const params = { CallSid: `${call.sid}\0`, CallStatus: 'busy', CallerName: 'דנה 🎉' };
    expect((await twilio.post(parley, address, params)).status).toBe(204);
    expect((await waitForCall(ann, id)).status).toBe('BUSY');
    const doubled = new URLSearchParams([
      ['CallSid', call.sid],
      ['CallStatus', 'busy'],
      ['Tag', 'b'],
      ['Tag', 'a'],
    ]);
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signatureOf(address, { CallSid: call.sid, CallStatus: 'busy', Tag: 'aTagb' }),
    };
    const at = address.replace('https://parley.example/under', parley.url);
    expect((await fetch(at, { method: 'POST', headers, body: doubled })).status).toBe(204);
    const other = new URLSearchParams([...doubled, ['CallStatus', 'completed']]);
    expect((await fetch(at, { method: 'POST', headers, body: other })).status).toBe(403);
  });

  it('is a form of a bounded size, by POST', async () => {
    const { call } = await dial();
    const address = call.form.StatusCallback as string;
    const large = { CallSid: call.sid, CallStatus: 'busy', SpeechResult: 'a'.repeat(70_000) };
    expect((await twilio.post(parley, address, large)).status).toBe(413);
    const withMore = (length: number) =>
      Object.fromEntries([
        ...Object.entries({ CallSid: call.sid, CallStatus: 'busy' }),
        ...Array.from({ length }, (_, index) => [`p${index}`, '']),
      ]);
    expect((await twilio.post(parley, address, withMore(198))).status).toBe(413);
    expect((await twilio.post(parley, address, withMore(197))).status).toBe(204);
    const json = { 'content-type': 'application/json' };
    expect((await twilio.post(parley, address, { CallSid: call.sid }, json)).status).toBe(415);
    const { status: got } = await fetch(address.replace('https://parley.example/under', parley.url));
    expect(got).toBe(405);
  });
});

describe('a call that comes in', () => {
  it('is taken for the user whose line it is, and makes a lead of a number that is new', async () => {
    const owner = parley.admin;
    const params = {
      CallSid: `CA${'1'.repeat(32)}`,
      From: '+972547654321',
      To: TWILIO_FROM,
      Direction: 'inbound',
      CallStatus: 'ringing',
    };
    const begun = await twilio.post(parley, INBOUND, params);
    expect(begun).toMatchObject({ status: 200, language: 'he-IL', rejects: false });
    expect((await twilio.post(parley, INBOUND, params)).xml).toBe(begun.xml);
    const { calls } = await owner.ask(Calls, { filter: { directions: ['INBOUND'] } });
    expect(calls.edges.map(({ node }) => node)).toMatchObject([{ status: 'IN_PROGRESS', phone: '+972547654321' }]);
    const rejected = { status: 200, rejects: true };
    const others = [{ From: 'anonymous' }, { From: '+972547654321' }, { To: '+97231111111' }];
    for (const [index, other] of others.entries())
      expect(
        await twilio.post(parley, INBOUND, { ...params, CallSid: `CA${String(index).repeat(32)}0`, ...other }),
      ).toMatchObject(rejected);
    const ended = { CallSid: params.CallSid, CallStatus: 'completed', CallDuration: '5' };
    await twilio.post(parley, INBOUND.replace('voice', 'status'), ended);
    const over = await waitForCall(owner, calls.edges[0]?.node.id as string);
    expect(over).toMatchObject({ status: 'COMPLETED', direction: 'INBOUND', lead: { attempts: 0 } });
  });
});

describe('a call that comes in from a lead who waits for one', () => {
  it('is taken, and the other is not made', async () => {
    const phone = findPhone();
    twilio.creations(phone, 'too-many');
    const id = await place(await makeCallable(parley.admin, { phone }), parley.admin);
    await waitForJob(id, 'RETRYING');
    const params = { CallSid: `CA${'2'.repeat(32)}`, From: phone, To: TWILIO_FROM, Direction: 'inbound' };
    expect(await twilio.post(parley, INBOUND, params)).toMatchObject({ status: 200, rejects: false });
    expect(await waitForCall(parley.admin, id)).toMatchObject({ status: 'CANCELLED', lead: { attempts: 0 } });
    await twilio.post(parley, INBOUND.replace('voice', 'status'), { ...params, CallStatus: 'completed' });
    expect(callsTo(phone)).toEqual([]);
  });
});

describe('a process that dies between asking and the answer', () => {
  const alone = useProcesses({ env: { ...OPEN_ALL_HOURS, ...twilio.env } });

  it('leaves a call that no other asks for again; fifty equal webhooks have one effect', async () => {
    const phone = findPhone();
    twilio.creations(phone, 'stall');
    const first = await startAtPort(alone);
    const owner = await first.user();
    const id = await place(await makeCallable(owner, { phone }), owner);
    const call = await twilio.waitForCall(phone);
    const told = { CallSid: call.sid, CallStatus: 'in-progress', AnsweredBy: 'human' };
    const tell = (to: Parley) =>
      Array.from({ length: 25 }, () => twilio.post(to, call.form.Url as string, told).catch(() => null));
    const early = tell(first);
    await Promise.race(early);
    first.kill('SIGKILL');
    await first.ended;
    const second = await startAtPort(alone);
    const answers = [...(await Promise.all(early)), ...(await Promise.all(tell(second)))];
    // On a busy machine some are told to ask again in a second, which has no effect.
    const replies = answers.flatMap((answer) => answer?.xml ?? []).filter((xml) => !xml.includes('<Pause'));
    expect(new Set(replies).size).toBe(1);
    await twilio.post(second, call.form.StatusCallback as string, { ...told, CallStatus: 'completed' });
    const over = await waitForCall(second.as(owner), id);
    expect(over).toMatchObject({ status: 'COMPLETED', providerCallId: call.sid, lead: { attempts: 1 } });
    expect(over.conversation?.messages.edges).toHaveLength(1);
    expect(callsTo(phone)).toHaveLength(1);
  });
});

async function place(leadId: string, owner: Client = ann): Promise<string> {
  const { callLead } = await owner.ask(CallLead, { input: { leadId } });
  return callLead?.call.id as string;
}

const callsTo = (phone: string) => twilio.calls.filter(({ form }) => form.To === phone);

/** Resolves when the job that dials is over, or has another status. */
async function waitForJob(id: string, status = 'SUCCEEDED'): Promise<void> {
  const call = rowIdOf(id);
  await until(
    () => sql<{ status: string }>(processes.database, 'SELECT status FROM jobs WHERE subject_id = $1', [call]),
    ([job]) => job?.status === status,
  );
}

/** Another call sets the timer of deadlines anew. */
async function makeOverdue(...ids: string[]): Promise<void> {
  await sql(processes.database, 'UPDATE calls SET deadline_at = now() WHERE id = ANY($1)', [ids.map(rowIdOf)]);
  await dial();
}

function rowIdOf(id: string): string {
  return Buffer.from(id, 'base64url').toString().split(':')[1] as string;
}
