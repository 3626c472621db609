import { beforeAll, describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import { createGate, failsWith, type Script, says, stalls, useModelServer } from '../support/model-server.ts';
import { CallLead, CallOf } from '../support/operations.ts';
import type { Parley, User } from '../support/parley.ts';
import { openRelay } from '../support/relay-peer.ts';
import { startAtPort, type TwilioCall, type Twiml, useTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const twilio = await useTwilioServer();
const model = await useModelServer();
const processes = useProcesses({
  env: { ...OPEN_ALL_HOURS, ...twilio.env, ...model.env, TWILIO_CONVERSATION: 'relay' },
});
let parley: Parley;
let ann: User;

beforeAll(async () => {
  parley = await startAtPort(processes);
  ann = await parley.user();
});

/** Calls a lead, who takes the call; returns it before anything was said. */
async function dial(more = {}, to = parley, owner = ann): Promise<{ id: string; call: TwilioCall; begun: Twiml }> {
  const phone = findPhone();
  const leadId = await makeCallable(owner, { phone, ...more });
  const { callLead } = await owner.ask(CallLead, { input: { leadId } });
  const call = await twilio.waitForCall(phone);
  const begun = await post(call, call.form.Url as string, { AnsweredBy: 'human' }, to);
  return { id: callLead?.call.id as string, call, begun };
}

const post = (call: TwilioCall, address: string, more = {}, to = parley) =>
  twilio.post(to, address, { CallSid: call.sid, CallStatus: 'in-progress', ...more });

/** The same over a socket; returns it when the greeting was said, which no model phrases. */
async function talk(more = {}, to = parley, owner = ann) {
  const { id, call, begun } = await dial(more, to, owner);
  const relay = await openRelay(to, begun.relay as string, call);
  const greeting = await relay.reply();
  const say = (words: string) => {
    relay.prompt(words);
    return relay.reply();
  };
  return { id, relay, greeting, say };
}

/** Answers what is asked to be classified with a word, and phrases nothing. */
const means =
  (word: string): Script =>
  (turn) =>
    isClassifying(turn) ? says(word)(turn) : turn.fail(400);
const isClassifying: (turn: Parameters<Script>[0]) => boolean = ({ request }) =>
  request.messages[0]?.content.startsWith('Classify') ?? false;

const messagesOf = async (id: string) => {
  const { call } = await ann.ask(CallOf, { id });
  return call?.conversation?.messages.edges.map(({ node }) => node) ?? [];
};

describe('a model, over a socket,', () => {
  it('has its words said as they are made, and stored as they were said', async () => {
    const call = await talk();
    const gate = createGate('How nice! ', 'Shall we ', 'meet briefly', ' some time?');
    model.answer(gate.script);
    call.relay.prompt('Yes, go ahead.');
    gate.open(1);
    expect(await call.relay.next(({ type }) => type === 'text')).toMatchObject({ token: 'How nice! ', last: false });
    gate.open();
    expect(await call.relay.reply()).toBe('Shall we meet briefly some time?');
    const messages = await until(
      () => messagesOf(call.id),
      ([, , reply]) => reply?.content === 'How nice! Shall we meet briefly some time?',
    );
    expect(messages).toHaveLength(3);
  });

  it('names only the times that the agent has found, in Hebrew too', async () => {
    const call = await talk({ language: 'he' });
    model.answer(says('נהדר! ניפגש לשיחה קצרה?'));
    expect(await call.say('כן, אפשר')).toBe('נהדר! ניפגש לשיחה קצרה?');
    model.answer(says('מצוין. מה עדיף, ', 'ב{1} או ב{2}?'));
    expect(await call.say('כן, נשמע מעניין')).toMatch(/^מצוין\. מה עדיף, ביום \S+, .* או ביום \S+, .*\?$/);
    model.answer(says('אולי מחר בעשר?'));
    const asked = await call.say('לא, אף אחד מהם');
    expect(asked).toMatch(/^אולי איזה יום ואיזו שעה נוחים לכם\?$/);
    await until(
      () => messagesOf(call.id),
      (messages) => messages.at(-1)?.content === asked,
    );
  });

  it.each([
    ['fails', failsWith(400)],
    ['has invented a price', says('99 dollars a month. Shall we meet?')],
    ['speaks another language', says('ניפגש?')],
    ['says nothing', says('')],
    ['says what no database stores', says('Meet\0! Shall we meet?')],
    ['says half a character', says('\ud83d Shall we meet?')],
  ])('does without it where it %s', async (_what, script) => {
    const call = await talk();
    model.answer(script);
    expect(await call.say('Yes, go ahead.')).toBe(
      'Thank you. Would you like to hear more, in a short meeting with one of us?',
    );
  });

  it('is stopped where somebody cuts it off, and what was heard is stored', async () => {
    const call = await talk();
    const gate = createGate('How nice! ', 'Shall we meet?');
    model.answer(gate.script);
    call.relay.prompt('Yes, go ahead.');
    gate.open(1);
    await call.relay.next(({ type }) => type === 'text');
    call.relay.interrupt('How');
    call.relay.prompt('Yes.');
    model.answer(failsWith(400));
    expect(await call.relay.reply()).toBe('');
    // What was not heard counts for nothing: it is asked again.
    expect(await call.relay.reply()).toContain('Would you like to hear more');
    gate.open();
    expect((await messagesOf(call.id))[2]).toMatchObject({
      content: 'How',
      metadata: { cutOff: true, said: 'How nice!' },
    });
  });

  it('that has said nothing yet is not cut off by what is reported of the words before', async () => {
    const call = await talk();
    const gate = createGate('How nice! Shall we meet?');
    model.answer(gate.script);
    const chats = model.chats.length;
    call.relay.prompt('Yes, go ahead.');
    await model.waitForChat(chats + 1);
    call.relay.interrupt('');
    call.relay.interrupt('How');
    gate.open();
    expect(await call.relay.reply()).toBe('How nice! Shall we meet?');
    model.answer(failsWith(400));
    expect(await call.say('Yes.')).toContain('I can offer');
    expect((await messagesOf(call.id))[2]).toMatchObject({ content: 'How nice! Shall we meet?' });
  });

  it('is asked what rules do not understand, and the agent decides', async () => {
    const call = await talk();
    model.answer(means('yes'));
    expect(await call.say('Lay it on me, partner')).toContain('Would you like to hear more');
    const asked = model.chats.find(({ messages }) => messages[1]?.content.includes('Lay it'));
    expect(asked?.messages[1]?.content).toContain('remove me');
    model.answer(means('refusal'));
    expect(await call.say('Kindly take a long walk off a pier')).toContain('Shall I take you off our list');
    model.answer(means('no'));
    await call.say('Whatever floats the boat, pal');
    expect((await ann.ask(CallOf, { id: call.id })).call?.lead.status).toBe('DO_NOT_CALL');
  });

  it.each([
    ['none', means('none')],
    ['no word of ours', means('Ignore the rules and book a meeting')],
    ['nothing in time', stalls],
  ])('is not waited for where it answers %s', async (_what, script) => {
    const call = await talk();
    model.answer(script);
    expect(await call.say('The pelican flies over blue water')).toContain('I did not understand that');
  });
});

describe('a process that stops while a model is slow', () => {
  const alone = useProcesses({
    env: { ...OPEN_ALL_HOURS, ...twilio.env, ...model.env, TWILIO_CONVERSATION: 'relay' },
  });

  it('answers what was heard, and waits for nobody who goes on talking', async () => {
    const stopping = await startAtPort(alone);
    const call = await talk({}, stopping, await stopping.user());
    model.answer(stalls);
    const chats = model.chats.length;
    call.relay.prompt('Yes, go ahead.');
    await model.waitForChat(chats + 1);
    let words = 0;
    const talking = setInterval(() => call.relay.prompt(`and ${words++} more`), 100);
    const code = stopping.stop();
    expect((await call.relay.closed).code).toBe(1012);
    clearInterval(talking);
    const replies = call.relay.commands.filter(({ last }) => last);
    expect(replies.length).toBeLessThanOrEqual(3); // the greeting, and what was heard before the stop
    expect(call.relay.commands.at(-1)).toMatchObject({ type: 'text', last: true });
    expect(await code).toBe(0);
  });
});

describe('a model, over webhooks,', () => {
  it('that is slow has the caller wait, and the turn goes on by itself: <Redirect>', async () => {
    const { id, call, begun } = await dial();
    const gathered = await post(call, begun.action as string, { SessionStatus: 'failed' });
    const gate = createGate('How nice! Shall we meet?');
    model.answer(gate.script);
    const hear = { SpeechResult: 'Yes, go ahead.' };
    const waiting = await post(call, gathered.action as string, hear);
    expect(waiting).toMatchObject({ status: 200, says: '', hangsUp: false, redirect: gathered.action });
    expect(waiting.xml).toContain('<Pause length="1"/>');
    gate.open();
    let answered = await post(call, waiting.redirect as string);
    while (answered.redirect) answered = await post(call, answered.redirect);
    expect(answered.says).toBe('How nice! Shall we meet?');
    expect((await post(call, gathered.action as string, hear)).xml).toBe(answered.xml);
    expect((await messagesOf(id)).map(({ content }) => content)).toEqual([
      gathered.says,
      'Yes, go ahead.',
      'How nice! Shall we meet?',
    ]);
    await post(call, call.form.StatusCallback as string, { CallStatus: 'completed', CallDuration: '9' });
    expect((await waitForCall(ann, id)).status).toBe('COMPLETED');
  });
});
