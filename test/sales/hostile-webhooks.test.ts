import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS, waitForCall } from '../support/calls.ts';
import { CallLead, CallOf, CancelCall } from '../support/operations.ts';
import type { Parley, User } from '../support/parley.ts';
import {
  INBOUND,
  PUBLIC_URL,
  signatureOf,
  startAtPort,
  TWILIO_FROM,
  type TwilioCall,
  useTwilioServer,
} from '../support/twilio-server.ts';
import { useProcesses } from '../support/use-parley.ts';

const twilio = await useTwilioServer();
const processes = useProcesses({ env: { ...OPEN_ALL_HOURS, ...twilio.env, TWILIO_INBOUND_USERNAME: 'admin' } });
let parley: Parley;
let ann: User;

beforeAll(async () => {
  parley = await startAtPort(processes);
  ann = await parley.user();
});

async function dial(more = {}, owner: User = ann) {
  const phone = findPhone();
  const { callLead } = await owner.ask(CallLead, { input: { leadId: await makeCallable(owner, { phone, ...more }) } });
  return { id: callLead?.call.id as string, call: await twilio.waitForCall(phone) };
}

const tell = (call: TwilioCall, CallStatus: string, more = {}) =>
  twilio.post(parley, call.form.StatusCallback as string, { CallSid: call.sid, CallStatus, ...more });
const answer = (call: TwilioCall) =>
  twilio.post(parley, call.form.Url as string, { CallSid: call.sid, CallStatus: 'in-progress', AnsweredBy: 'human' });
const statusOf = async (id: string) => (await ann.ask(CallOf, { id })).call?.status;
/** What the server has logged as an error of its own. */
const errors = () => parley.log.filter(({ level }) => level >= 50);

describe('a signed webhook that says what nobody understands', () => {
  it.each(['constructor', '__proto__', 'toString', 'COMPLETED', '', 'in-progress '])(
    'changes nothing by the status %j',
    async (word) => {
      const { id, call } = await dial();
      await tell(call, 'ringing');
      expect((await tell(call, word)).status).toBe(204);
      expect(await statusOf(id)).toBe('RINGING');
      await tell(call, 'busy');
      expect((await waitForCall(ann, id)).status).toBe('BUSY');
    },
  );

  it.each([
    ['0000-01-01T00:00:00Z', '5'],
    ['-271821-04-20T00:00:00Z', '1e9'],
    ['+275760-09-13T00:00:00Z', '-1'],
    ['Thu, 26 Nov 1987 10:00:20 +0000', '999999999'],
  ])('has the times of our own clock where it says %j, and %j seconds', async (Timestamp, CallDuration) => {
    const before = Date.now();
    const { id, call } = await dial();
    for (const status of ['ringing', 'in-progress', 'completed'])
      expect((await tell(call, status, { Timestamp, CallDuration })).status).toBe(204);
    const { status, endedAt } = await waitForCall(ann, id);
    expect(status).toBe('COMPLETED');
    expect(Date.parse(endedAt as string)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(endedAt as string)).toBeLessThanOrEqual(Date.now());
  });

  it('is of no call where the id is none, and long words are cut', async () => {
    const random = Array.from({ length: 10_000 }, (_, index) => (index * index * 7_919).toString(36))
      .join('')
      .slice(0, 60_000);
    const { id, call } = await dial({}, ann);
    for (const CallSid of [random, 'a b', 'שיחה', "'; --"])
      expect((await tell({ ...call, sid: CallSid }, 'busy')).status).toBe(204);
    expect(
      await twilio.post(parley, INBOUND, { CallSid: random, From: findPhone(), To: TWILIO_FROM, Direction: 'inbound' }),
    ).toMatchObject({ status: 200, hangsUp: true });
    expect(await statusOf(id)).toBe('DIALING');
    const said = { ErrorCode: '1'.repeat(900), ErrorMessage: `${'a'.repeat(499)}😀${'א'.repeat(3_000)}` };
    expect((await tell(call, 'failed', said)).status).toBe(204);
    const over = await waitForCall(ann, id);
    expect(over.error?.message.length).toBeLessThan(1_200);
    expect(errors()).toEqual([]);
  });

  it('hears what is no word of people, however long', async () => {
    const { id, call } = await dial({ language: 'he' });
    let turn = await answer(call);
    for (const SpeechResult of [
      'מחר constructor בשעה עשר',
      'יום __proto__',
      'עוד constructor constructor',
      '\0'.repeat(9_000),
      '\u202e'.repeat(5_000),
      'א'.repeat(10_000),
    ]) {
      expect(turn).toMatchObject({ status: 200 });
      if (turn.action) turn = await twilio.post(parley, turn.action, { CallSid: call.sid, SpeechResult });
    }
    expect(turn.status).toBe(200);
    await tell(call, 'completed');
    expect((await waitForCall(ann, id)).status).toBe('COMPLETED');
    expect(errors()).toEqual([]);
  });
});

describe('one webhook two hundred times at once', () => {
  it.each(['ringing', 'in-progress', 'busy'])('has one effect: %s', async (status) => {
    const { id, call } = await dial();
    const answers = await Promise.all(Array.from({ length: 200 }, () => tell(call, status)));
    expect(new Set(answers.map((told) => told.status))).toEqual(new Set([204]));
    const stored = (await ann.ask(CallOf, { id })).call;
    expect(stored?.status).toBe({ ringing: 'RINGING', 'in-progress': 'IN_PROGRESS', busy: 'BUSY' }[status]);
    expect(errors()).toEqual([]);
  });

  it('says the same words, and stores them once', async () => {
    const { id, call } = await dial();
    const answers = await Promise.all(Array.from({ length: 200 }, () => answer(call)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const said = answers.map(({ xml }) => xml).filter((xml) => !xml.includes('<Pause'));
    expect(new Set(said).size).toBe(1);
    expect((await ann.ask(CallOf, { id })).call?.conversation?.messages.edges).toHaveLength(1);
  });

  it('takes one call that comes in', async () => {
    const params = { CallSid: `CA${'7'.repeat(32)}`, From: findPhone(), To: TWILIO_FROM, Direction: 'inbound' };
    const answers = await Promise.all(Array.from({ length: 200 }, () => twilio.post(parley, INBOUND, params)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.filter(({ rejects }) => rejects)).toEqual([]);
    expect(errors()).toEqual([]);
  });
});

it.each(['Dana\u0001 Levi', 'Dana\u000b\u001f Levi', 'Dana\uffff Levi'])(
  'the name %j, which XML cannot contain, is spoken without that',
  async (name) => {
    const { call } = await dial({ name });
    expect(await answer(call)).toMatchObject({
      status: 200,
      says: expect.stringMatching(/^Hello Dana +Levi\./),
      hangsUp: false,
    });
  },
);

it('a call that is cancelled while its end is told has one end', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { id, call } = await dial();
    await tell(call, 'ringing');
    const told = [
      tell(call, 'in-progress'),
      answer(call),
      ann.ask(CancelCall, { id }),
      tell(call, 'completed'),
      tell(call, 'busy'),
    ];
    for (const outcome of await Promise.allSettled(told)) expect(outcome.status).toBe('fulfilled');
    const { status } = await waitForCall(ann, id);
    await tell(call, 'failed');
    expect(await statusOf(id)).toBe(status);
  }
  expect(errors()).toEqual([]);
});

it('a webhook of another call has no effect on this one', async () => {
  const bob = await parley.user();
  const [mine, theirs] = [await dial(), await dial({}, bob)];
  await tell(mine.call, 'ringing');
  await tell(theirs.call, 'ringing');
  const mixed = await twilio.post(parley, mine.call.form.StatusCallback as string, {
    CallSid: theirs.call.sid,
    CallStatus: 'busy',
  });
  expect(mixed.status).toBe(204);
  expect(await statusOf(mine.id)).toBe('RINGING');
  expect((await bob.ask(CallOf, { id: theirs.id })).call?.status).toBe('RINGING');
  expect(errors()).toEqual([]);
});

it('a client that leaves in the middle of the body is no error of ours', async () => {
  const { id, call } = await dial();
  const address = call.form.StatusCallback as string;
  const { hostname, port } = new URL(parley.url);
  const body = new URLSearchParams({ CallSid: call.sid, CallStatus: 'busy' }).toString();
  for (let time = 0; time < 50; time += 1) {
    const socket = connectTcp(Number(port), hostname);
    await once(socket, 'connect');
    socket.on('error', () => {});
    const head = [
      `POST ${address.slice(PUBLIC_URL.length)} HTTP/1.1`,
      'Host: parley.example',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      `X-Twilio-Signature: ${signatureOf(address, { CallSid: call.sid, CallStatus: 'busy' })}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 20)}`);
    await new Promise((resolve) => setImmediate(resolve));
    if (time % 2) socket.resetAndDestroy();
    else socket.destroy();
    await once(socket, 'close');
  }
  expect(await statusOf(id)).toBe('DIALING');
  await tell(call, 'busy');
  expect((await waitForCall(ann, id)).status).toBe('BUSY');
  expect(parley.log.filter(({ level, msg }) => level >= 40 && msg !== 'slow query')).toEqual([]);
});

it('a query is answered before most of the forms that came before it, which nobody has signed', async () => {
  const { hostname, port } = new URL(parley.url);
  const body = Array.from({ length: 190 }, (_, index) => `p${index}=${'%D7%A9'.repeat(50)}`).join('&');
  const head = [
    'POST /webhooks/twilio/status HTTP/1.1',
    'Host: parley.example',
    'Connection: close',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    `X-Twilio-Signature: ${'A'.repeat(27)}=`,
  ];
  let answered = 0;
  const connections = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const socket = connectTcp(Number(port), hostname);
      await once(socket, 'connect');
      socket.once('data', () => (answered += 1));
      socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`);
      return { socket, closed: once(socket, 'close') };
    }),
  );
  await ann.ask(CallOf, { id: (await dial()).id });
  for (const { socket } of connections) socket.write(body.slice(-1));
  await ann.ask('{ viewer { id } }');
  expect(answered).toBeLessThan(200);
  await Promise.all(connections.map(({ closed }) => closed));
  expect(answered).toBe(300);
});

it('another address or form is not what was signed', async () => {
  const { id, call } = await dial();
  const address = call.form.StatusCallback as string;
  const params = { CallSid: call.sid, CallStatus: 'busy' };
  const path = address.slice(PUBLIC_URL.length);
  const send = (at: string, body: string | Buffer<ArrayBuffer>, headers = {}) =>
    fetch(`${parley.url}${at}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signatureOf(address, params),
        ...headers,
      },
    }).then(({ status }) => status);
  const form = new URLSearchParams(params).toString();
  const others = [
    path.replace('/status', '/status/'),
    path.replace('/status', '//status'),
    path.replace('?', '??'),
    `${path}&call=1`,
    `/under${path}`,
  ];
  for (const at of others) expect(await send(at, form)).toSatisfy((status: number) => status === 403 || status === 404);
  for (const body of [
    `${form}&CallStatus=completed`,
    `${form}&a=%ff`,
    `${form}&a=%00`,
    `CallStatus=busy`,
    Buffer.from([0xff, 0xfe, 0]),
    '',
  ])
    expect(await send(path, body)).toBe(403);
  for (const signature of ['', 'a'.repeat(7_000), 'ÿ', `${signatureOf(address, params)}, x`])
    expect(await send(path, form, { 'x-twilio-signature': signature })).toBe(403);
  expect(await send(path, form, { 'content-encoding': 'gzip' })).toBe(204);
  expect(errors()).toEqual([]);
  expect((await waitForCall(ann, id)).status).toBe('BUSY');
});
