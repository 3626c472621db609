import { beforeAll, describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import type { Client } from '../support/client.ts';
import { followToEnd } from '../support/jobs.ts';
import { CallLead, CallOf, CancelCall, EraseUser } from '../support/operations.ts';
import type { Parley, User } from '../support/parley.ts';
import { connectRelay, openRelay, type RelayPeer } from '../support/relay-peer.ts';
import { sql } from '../support/sql.ts';
import { signatureOf, startAtPort, type TwilioCall, type Twiml, useTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const twilio = await useTwilioServer();
const env = { ...OPEN_ALL_HOURS, ...twilio.env, TWILIO_CONVERSATION: 'relay' };
const processes = useProcesses({ env });
let parley: Parley;
let ann: User;

beforeAll(async () => {
  parley = await startAtPort(processes);
  ann = await parley.user();
});

type Talk = { id: string; leadId: string; call: TwilioCall; begun: Twiml; relay: RelayPeer };

/** Calls a lead, who takes the call; returns the socket over which it is talked, and the first words. */
async function talk(more = {}, to = parley, owner: Client = ann): Promise<Talk & { greeting: string }> {
  const phone = findPhone();
  const leadId = await makeCallable(owner, { phone, ...more });
  const { callLead } = await owner.ask(CallLead, { input: { leadId } });
  const call = await twilio.waitForCall(phone);
  const begun = await post(call, call.form.Url as string, { AnsweredBy: 'human' }, to);
  const relay = await openRelay(to, begun.relay as string, call);
  return { id: callLead?.call.id as string, leadId, call, begun, relay, greeting: await relay.reply() };
}

/** Posts as Twilio does, which asks again where it is told to wait. */
async function post(call: TwilioCall, address: string, more = {}, to = parley) {
  const form = { CallSid: call.sid, CallStatus: 'in-progress' };
  let answered = await twilio.post(to, address, { ...form, ...more });
  while (answered.redirect) answered = await twilio.post(to, answered.redirect, form);
  return answered;
}

const complete = ({ call }: Talk, to = parley) =>
  post(call, call.form.StatusCallback as string, { CallStatus: 'completed', CallDuration: '42' }, to);

async function say({ relay }: Talk, words: string): Promise<string> {
  relay.prompt(words);
  return relay.reply();
}

const messagesOf = async (id: string, owner: Client = ann) => {
  const { call } = await owner.ask(CallOf, { id });
  return call?.conversation?.messages.edges.map(({ node }) => node) ?? [];
};

describe('a call over ConversationRelay', () => {
  it('in Hebrew ends in a meeting, and each word stands in its conversation', async () => {
    const call = await talk({ name: 'דנה לוי', language: 'he' });
    expect(call.begun).toMatchObject({ status: 200, language: 'he-IL', says: '', hangsUp: false });
    expect(call.begun.xml).toContain('<Language code="en-US"');
    const said = [call.greeting];
    for (const words of ['כן, אפשר', 'כן, נשמע מעניין', 'הראשון מתאים לי', 'כן, נכון', 'תודה, להתראות'])
      said.push(await say(call, words));
    call.relay.played();
    await call.relay.next(({ type }) => type === 'end');
    call.relay.close();
    expect(await post(call.call, call.begun.action as string, { HandoffData: 'said' })).toMatchObject({
      hangsUp: true,
      says: '',
    });
    await complete(call);
    const over = await waitForCall(ann, call.id);
    expect(over).toMatchObject({ status: 'COMPLETED', outcome: 'MEETING_BOOKED', answeredBy: 'PERSON' });
    const messages = await messagesOf(call.id);
    expect(messages.filter(({ role }) => role === 'ASSISTANT').map(({ content }) => content)).toEqual(said);
    expect(messages).toHaveLength(11);
  });

  it('changes its language where that is clearly spoken', async () => {
    const call = await talk();
    expect(await say(call, 'שלום, אפשר לדבר בעברית בבקשה?')).toMatch(/^שלום/);
    expect(call.relay.commands).toContainEqual({
      type: 'language',
      ttsLanguage: 'he-IL',
      transcriptionLanguage: 'he-IL',
    });
    await say(call, 'תסירו אותי מהרשימה');
    expect((await ann.ask(CallOf, { id: call.id })).call?.lead.status).toBe('DO_NOT_CALL');
  });

  it('asks again where nothing is heard', async () => {
    const call = await talk();
    call.relay.played();
    expect(await call.relay.reply()).toMatch(/^Are you still there\?/);
  });

  it('is answered once where the same is said again meanwhile, and what comes in parts is one utterance', async () => {
    const call = await talk();
    call.relay.prompt('Yes, go', false);
    for (let n = 0; n < 5; n += 1) call.relay.prompt('Yes, go ahead.');
    call.relay.prompt('What is');
    call.relay.prompt('the price?');
    expect(await call.relay.reply()).toContain('Would you like to hear more');
    expect(await call.relay.reply()).toContain('The price depends');
    const users = (await messagesOf(call.id)).filter(({ role }) => role === 'USER');
    expect(users.map(({ content }) => content)).toEqual(['Yes, go ahead.', 'What is the price?']);
  });
});

describe('words that are cut off', () => {
  it.each([
    ['en', /^.*automated/, 'Yes, go ahead.', 'Hello'],
    ['he', /^.*אוטומטי/, 'כן, בבקשה', 'שלום'],
  ])('are stored as far as they were heard, and said again (%s)', async (language, heardPart, words, first) => {
    const call = await talk({ language });
    const [heard] = heardPart.exec(call.greeting) as unknown as [string];
    // As a line plays words: without points, and with the first letter of a word that was not said to its end.
    call.relay.interrupt(`${heard.replaceAll(/[,.]/g, '')} ${call.greeting.slice(heard.length + 1)[0]}`);
    await until(
      () => messagesOf(call.id),
      ([greeting]) => greeting?.content === heard,
    );
    expect(await say(call, words)).toMatch(new RegExp(`^${first}`));
    const messages = await messagesOf(call.id);
    expect(messages[0]).toMatchObject({ content: heard, metadata: { cutOff: true, said: call.greeting } });
    expect(messages.map(({ role }) => role)).toEqual(['ASSISTANT', 'USER', 'ASSISTANT']);
  });

  it('are whole where it is told of others, too late', async () => {
    const call = await talk();
    const question = await say(call, 'Yes, go ahead.');
    call.relay.interrupt(call.greeting.slice(0, 30));
    await say(call, 'Yes, interesting.');
    expect((await messagesOf(call.id))[2]).toMatchObject({ content: question });
  });

  it('let a refusal be heard while the agent speaks', async () => {
    const call = await talk();
    call.relay.interrupt('Hello');
    await say(call, 'Remove me from your list!');
    expect((await ann.ask(CallOf, { id: call.id })).call).toMatchObject({
      outcome: 'DO_NOT_CALL',
      lead: { status: 'DO_NOT_CALL' },
    });
  });
});

describe('a socket', () => {
  it('is opened by nobody without the signature of its own address', async () => {
    const { begun } = await talk();
    const address = (begun.relay as string).replace(/\d$/, '2');
    const https = address.replace('wss', 'https');
    for (const signature of ['', 'AAAA', signatureOf(begun.relay as string, {}), signatureOf(https, {})])
      expect(await connectRelay(parley, address, { 'x-twilio-signature': signature })).toBe(403);
    expect(await connectRelay(parley, `${address}00`)).toBe(404);
  });

  it('carries a call once, and only the call that it is of', async () => {
    const first = await talk();
    const again = await openRelay(parley, first.begun.relay as string, first.call);
    expect((await again.closed).code).toBe(1008);
    const second = await talk();
    const address = (second.begun.relay as string).replace(/\d$/, '2');
    expect((await (await openRelay(parley, address, first.call)).closed).code).toBe(1008);
    expect(await say(first, 'Yes, go ahead.')).toContain('hear more');
    await complete(second);
    expect((await (await openRelay(parley, address, second.call)).closed).code).toBe(1008);
  });

  it('that breaks is followed by another, which goes on where the call was', async () => {
    const call = await talk();
    const question = await say(call, 'Yes, go ahead.');
    call.relay.drop();
    const next = await post(call.call, call.begun.action as string);
    expect(next.relay).toMatch(/\/2$/);
    const relay = await openRelay(parley, next.relay as string, call.call);
    expect(await relay.reply()).toBe(question);
    expect(await say({ ...call, relay }, 'Yes, interesting.')).toContain('I can offer');
    expect(await messagesOf(call.id)).toHaveLength(5);
  });

  it('that another has taken the place of brings nothing any more', async () => {
    const call = await talk();
    const next = await post(call.call, call.begun.action as string);
    const relay = await openRelay(parley, next.relay as string, call.call);
    await relay.reply();
    call.relay.interrupt('Hello');
    call.relay.prompt('Remove me from your list.');
    await call.relay.next(({ type }) => type === 'end');
    expect(await say({ ...call, relay }, 'Yes, go ahead.')).toContain('hear more');
    expect(await messagesOf(call.id)).toHaveLength(3);
  });

  it('that cannot be opened leaves the call to webhooks', async () => {
    const phone = findPhone();
    const leadId = await makeCallable(ann, { phone });
    await ann.ask(CallLead, { input: { leadId } });
    const call = await twilio.waitForCall(phone);
    const begun = await post(call, call.form.Url as string, { AnsweredBy: 'human' });
    const gathered = await post(call, begun.action as string, { SessionStatus: 'failed', ErrorCode: '64102' });
    expect(gathered).toMatchObject({ relay: null, hangsUp: false, says: expect.stringContaining('automated') });
    const answered = await post(call, gathered.action as string, { SpeechResult: 'Yes, go ahead.' });
    expect(answered).toMatchObject({ relay: null, says: expect.stringContaining('hear more') });
  });

  it('that its line leaves open after the last words is closed', async () => {
    const call = await talk();
    await say(call, 'Remove me from your list.');
    call.relay.played();
    await call.relay.next(({ type }) => type === 'end');
    expect((await call.relay.closed).code).toBe(1000);
    expect(await post(call.call, call.begun.action as string)).toMatchObject({ relay: null, hangsUp: true });
  });

  it('takes what is no message, and closes at what is too large or too much', async () => {
    const call = await talk();
    for (const message of ['', '{', '[]', '{"type":"prompt"}', '{"type":"dtmf","digit":"9"}', '{"type":"new"}'])
      call.relay.send(message);
    call.relay.send({ type: 'error', description: 'x'.repeat(1_000) });
    expect(await say(call, 'Yes, go ahead.')).toContain('hear more');
    const large = await talk();
    large.relay.prompt('a'.repeat(70_000));
    expect((await large.relay.closed).code).toBe(1009);
    for (let n = 0; n < 5_000; n += 1) call.relay.prompt(`word ${n}`, false);
    expect((await call.relay.closed).code).toBe(1008);
    expect(await messagesOf(call.id)).toHaveLength(3);
  });
});

describe('a call that is ended here', () => {
  it('hangs up at once, although nothing more is said, where it is cancelled', async () => {
    const call = await talk();
    call.call.status = 'in-progress';
    await ann.ask(CancelCall, { id: call.id });
    await expectHungUp(call);
  });

  it('hangs up at once where its owner is erased, and no phone rings for them any more', async () => {
    const owner = await parley.user();
    const call = await talk({}, parley, owner);
    call.call.status = 'in-progress';
    const phone = findPhone();
    await owner.ask(CallLead, { input: { leadId: await makeCallable(owner, { phone }) } });
    const ringing = await twilio.waitForCall(phone);
    await twilio.post(parley, ringing.form.StatusCallback as string, { CallSid: ringing.sid, CallStatus: 'ringing' });
    ringing.status = 'ringing';
    const { eraseUser } = await parley.admin.ask(EraseUser, { input: { userId: owner.id, dryRun: false } });
    await expectHungUp(call);
    await twilio.waitForStatus(ringing, 'canceled');
    const job = await followToEnd(parley.admin, eraseUser?.job?.id as string);
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { erased: { calls: 2, users: 1 } } });
  });

  /** Its socket, and its line. */
  async function expectHungUp(call: Talk): Promise<void> {
    expect(await call.relay.next()).toMatchObject({ type: 'end' });
    const next = await post(call.call, call.begun.action as string, { HandoffData: 'said' });
    expect(next).toMatchObject({ relay: null, hangsUp: true });
    expect((await call.relay.closed).code).toBe(1000);
    await twilio.waitForStatus(call.call, 'completed');
  }
});

describe('a process that stops', () => {
  const alone = useProcesses({ env });

  it('stores and answers what it has in hand, and the call goes on at the next', async () => {
    const first = await startAtPort(alone);
    const owner = await first.user();
    const call = await talk({}, first, owner);
    call.relay.prompt('Yes, go ahead.');
    const stopped = first.stop();
    expect((await call.relay.closed).code).toBe(1012);
    const [answered] = call.relay.commands.slice(-1);
    expect(answered?.token).toContain('hear more');
    await stopped;
    const second = await startAtPort(alone);
    const next = await post(call.call, call.begun.action as string, {}, second);
    const relay = await openRelay(second, next.relay as string, call.call);
    expect(await relay.reply()).toBe(answered?.token);
    expect(await messagesOf(call.id, second.as(owner))).toHaveLength(3);
  });
});

describe('a process that is killed', () => {
  const alone = useProcesses({ env });

  it('loses no turn that was answered; the call goes on at the next, or is settled where nobody comes back', async () => {
    const first = await startAtPort(alone);
    const owner = await first.user();
    const [goesOn, isGone] = [await talk({}, first, owner), await talk({}, first, owner)];
    const question = await say(goesOn, 'Yes, go ahead.');
    first.kill('SIGKILL');
    await Promise.all([goesOn.relay.closed, isGone.relay.closed]);
    const second = await startAtPort(alone);
    const ann = second.as(owner);
    const next = await post(goesOn.call, goesOn.begun.action as string, {}, second);
    expect(next.relay).toMatch(/\/2$/);
    const stale = await openRelay(second, goesOn.begun.relay as string, goesOn.call);
    expect((await stale.closed).code).toBe(1008);
    const relay = await openRelay(second, next.relay as string, goesOn.call);
    expect(await relay.reply()).toBe(question);
    expect(await say({ ...goesOn, relay }, 'Remove me from your list.')).toBeTruthy();
    expect(await messagesOf(goesOn.id, ann)).toHaveLength(5);
    relay.close();
    await complete(goesOn, second);
    expect(await waitForCall(ann, goesOn.id)).toMatchObject({ status: 'COMPLETED', outcome: 'DO_NOT_CALL' });
    // Who hung up while no process was there is asked for at the deadline.
    Object.assign(isGone.call, { status: 'completed', duration: '7' });
    await sql(alone.database, `UPDATE calls SET deadline_at = now() WHERE status = 'IN_PROGRESS'`);
    expect(await waitForCall(ann, isGone.id)).toMatchObject({ status: 'COMPLETED', outcome: 'NO_OUTCOME' });
  }, 60_000);
});
