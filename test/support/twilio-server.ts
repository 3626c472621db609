import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { freePort } from './free-port.ts';
import type { Parley } from './parley.ts';
import type { Processes } from './use-parley.ts';

const ACCOUNT_SID = `AC${'0123456789abcdef'.repeat(2)}`;
const AUTH_TOKEN = 'a-token-for-tests';
/** The number that calls come from, and go to. */
export const TWILIO_FROM = '+97239876543';
/** A number of somebody else's, which the account may call from. */
export const VERIFIED = '+97239999999';
const NUMBERS = [
  { resource: 'IncomingPhoneNumbers', list: 'incoming_phone_numbers', phone: TWILIO_FROM },
  { resource: 'OutgoingCallerIds', list: 'outgoing_caller_ids', phone: VERIFIED },
];
/** Where Twilio believes Parley to be; the requests go to its real address. */
export const PUBLIC_URL = 'https://parley.example/under';

type Form = Record<string, string>;

/** A call as Twilio has it. */
export type TwilioCall = {
  sid: string;
  status: string;
  form: Form;
  createdAt: Date;
  duration: string | null;
  /** What is said of its end instead of a time. */
  endTime?: string;
};

/**
 * What is done to a request for a call. `unanswered`: it is made, and the connection breaks; `stall`: the answer never comes; `late`: it
 * comes once the call is over; `made-error`: it is made, and the answer is an error.
 */
export type Creation =
  | 'make'
  | 'unanswered'
  | 'stall'
  | 'late'
  | 'made-error'
  | 'nameless'
  | 'too-many'
  | 'error'
  | { code: number; message: string; status?: number };

/** A request for a call, whatever was done to it. */
export type AskedCall = { phone: string; at: Date; creation: Creation };

/** What TwiML says is to be done. */
export type Twiml = {
  says: string;
  language: string | null;
  action: string | null;
  /** The address of the WebSocket that carries the call. */
  relay: string | null;
  redirect: string | null;
  hangsUp: boolean;
  rejects: boolean;
  xml: string;
};

export type TwilioServer = Awaited<ReturnType<typeof startTwilioServer>>;

/** One for a test file or a describe block, at once, as its address is in the settings of what is started later. */
export async function useTwilioServer(now?: () => Date): Promise<TwilioServer> {
  const server = await startTwilioServer(now);
  afterAll(() => server.stop());
  return server;
}

/** The part of Twilio that Parley talks to, on loopback: it takes calls by its REST API, and posts signed webhooks. */
export async function startTwilioServer(now = () => new Date()) {
  const calls: TwilioCall[] = [];
  const asked: AskedCall[] = [];
  const lookedUp: string[] = [];
  let carry: (call: TwilioCall) => Promise<void> = async () => {};
  const refusedRequests: string[] = [];
  const planned = new Map<string, Creation>();
  const held = new Map<string, Promise<unknown>>();
  const plannedInOrder = new Map<number, Creation>();
  let always: Creation | null = null;
  const deaf = new Set<string>();
  const endless = new Set<string>();
  const dripping: string[] = [];
  const news = new Set<() => void>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const expected = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;
    const [, sid] = new RegExp(`^/2010-04-01/Accounts/${ACCOUNT_SID}/Calls(?:/(\\w+))?\\.json$`).exec(pathname) ?? [
      null,
    ];
    const numbers = NUMBERS.find(({ resource }) => pathname === `/2010-04-01/Accounts/${ACCOUNT_SID}/${resource}.json`);
    if (request.headers.authorization === expected && numbers) {
      lookedUp.push(searchParams.get('PhoneNumber') ?? '');
      const found = lookedUp.at(-1) === numbers.phone ? [{ phone_number: numbers.phone }] : [];
      return reply(response, 200, { [numbers.list]: found });
    }
    if (request.headers.authorization !== expected || sid === null) {
      refusedRequests.push(`${request.method} ${request.url}`);
      return reply(response, 401, { code: 20003, message: 'Authenticate', status: 401 });
    }
    if (sid === undefined && request.method === 'POST') return create(form, response);
    if (sid === undefined) return list(searchParams, response);
    const call = calls.find((one) => one.sid === sid);
    if (!call) return reply(response, 404, { code: 20404, message: 'not found', status: 404 });
    if (request.method === 'POST' && form.Status) {
      if (deaf.delete(call.sid)) return reply(response, 500, { code: 20500, message: 'Internal error', status: 500 });
      if (!['queued', 'ringing', 'in-progress'].includes(call.status))
        return reply(response, 400, { code: 21220, message: 'Call is not in-progress.', status: 400 });
      call.status = call.status === 'in-progress' ? 'completed' : 'canceled';
      for (const look of news) look();
    }
    reply(response, 200, resourceOf(call));
  }

  function create(form: Form, response: ServerResponse): void {
    const phone = form.To ?? '';
    const creation = planned.get(phone) ?? plannedInOrder.get(asked.length) ?? always ?? 'make';
    planned.delete(phone);
    asked.push({ phone, at: now(), creation });
    const refusal = refusalOf(creation);
    if (refusal) {
      void Promise.resolve(held.get(phone)).then(() => reply(response, refusal.status, refusal));
      return;
    }
    const call = {
      sid: `CA${randomBytes(16).toString('hex')}`,
      status: 'queued',
      form,
      createdAt: now(),
      duration: null,
    };
    calls.push(call);
    for (const look of news) look();
    const carried = carry(call);
    if (creation === 'make') reply(response, 201, resourceOf(call));
    else if (creation === 'late') carried.finally(() => reply(response, 201, resourceOf(call)));
    else if (creation === 'unanswered') response.destroy();
    else if (creation === 'nameless') reply(response, 201, { ...resourceOf(call), sid: 7 });
    else if (creation === 'made-error') reply(response, 502, { code: 20502, message: 'Bad gateway', status: 502 });
  }

  function list(search: URLSearchParams, response: ServerResponse): void {
    const to = search.get('To') ?? '';
    if (endless.has(to)) {
      drip(response);
      dripping.push(to);
      for (const look of news) look();
      return;
    }
    const found = calls.filter(({ form }) => form.To === search.get('To') && form.From === search.get('From'));
    reply(response, 200, { calls: found.map(resourceOf), page: 0, page_size: 50, next_page_uri: null });
  }

  const resourceOf = ({ sid, status, form, createdAt, duration, endTime }: TwilioCall) => ({
    sid,
    account_sid: ACCOUNT_SID,
    to: form.To,
    from: form.From,
    status,
    duration,
    answered_by: null,
    date_created: createdAt.toUTCString(),
    start_time: status === 'queued' ? null : createdAt.toUTCString(),
    end_time: ['queued', 'ringing', 'in-progress'].includes(status) ? null : (endTime ?? now().toUTCString()),
  });

  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    /** What `parley` is started with to call over this. */
    env: {
      TWILIO_ACCOUNT_SID: ACCOUNT_SID,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_FROM,
      TWILIO_BASE_URL: `http://127.0.0.1:${port}`,
      PUBLIC_URL,
    },
    /** The calls that it has made, whatever it answered. */
    calls,
    /** All that it was asked for, in its order. */
    asked,
    /** The numbers that it was asked for, whether they are the account's. */
    lookedUp,
    /** Says who carries the calls that it makes from now on; else a test does. */
    carryBy(carrier: (call: TwilioCall) => Promise<void>) {
      carry = carrier;
    },
    /** Requests without the right name and password, or to somewhere else. */
    refusedRequests,
    /** What is done to the next request for a call to a number; one that is refused is answered once `until` has happened. */
    creations(phone: string, creation: Creation, until?: Promise<unknown>) {
      planned.set(phone, creation);
      if (until) held.set(phone, until);
    },
    /** What is done to the requests for calls, of which the first is 0, that are to be told apart from the others. */
    creationsInOrder(creations: Record<number, Creation>) {
      for (const [index, creation] of Object.entries(creations)) plannedInOrder.set(Number(index), creation);
    },
    /** What is done to every request for a call that nothing else was said of. */
    allCreations(creation: Creation) {
      always = creation;
    },
    /** Lets the answers to what became of the calls to a number begin, and never end. */
    answerWithoutEnd: (phone: string) => void endless.add(phone),
    /** Resolves once such an answer has begun. */
    waitForEndless: (phone: string) => waitFor(() => dripping.includes(phone) || undefined),
    /** Lets the next request to end a call fail. */
    failToEnd: (call: TwilioCall) => void deaf.add(call.sid),
    /** Resolves with the call to a number once it was asked for. */
    waitForCall(phone: string): Promise<TwilioCall> {
      return waitFor(() => calls.find(({ form }) => form.To === phone));
    },
    /** Resolves once a call has a status, as when Parley has ended it. */
    waitForStatus: (call: TwilioCall, status: string) => waitFor(() => call.status === status || undefined),
    /** Posts a webhook as Twilio does, signed unless another signature is given; `address` is one that Parley gave. */
    post: (to: { url: string }, address: string, params: Form, headers: Record<string, string> = {}) =>
      postWebhook(to, address, params, headers),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  function waitFor<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const check = () => {
        const found = look();
        if (found === undefined) return;
        news.delete(check);
        resolve(found);
      };
      news.add(check);
      check();
    });
  }
}

/** What a request for a call is refused with; null where the call is made. */
function refusalOf(creation: Creation) {
  if (creation === 'too-many') return { code: 20429, message: 'Too many requests', status: 429 };
  if (creation === 'error') return { code: 20503, message: 'Service unavailable', status: 503 };
  return typeof creation === 'object' ? { status: 400, ...creation } : null;
}

/** Begins an answer that has another byte every second, and no end. */
function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const dripping = setInterval(() => response.write(' '), 1_000);
  response.once('close', () => clearInterval(dripping));
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Returns Twilio's signature: https://www.twilio.com/docs/usage/security */
export function signatureOf(address: string, params: Form, token = AUTH_TOKEN): string {
  const signed = Object.keys(params)
    .sort()
    .reduce((all, name) => all + name + params[name], address);
  return createHmac('sha1', token).update(signed).digest('base64');
}

async function postWebhook(to: { url: string }, address: string, params: Form, headers: Record<string, string>) {
  const all = { AccountSid: ACCOUNT_SID, ...params };
  const response = await fetch(address.replace(PUBLIC_URL, to.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': signatureOf(address, all),
      ...headers,
    },
    body: new URLSearchParams(all),
  });
  const body = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), ...readTwiml(body) };
}

/** Where Twilio posts what comes in by the number. */
export const INBOUND = `${PUBLIC_URL}/webhooks/twilio/voice`;

function readTwiml(xml: string): Twiml {
  const [, action = null] = /<(?:Gather|Connect)[^>]* action="([^"]*)"/.exec(xml) ?? [];
  const [, relay = null] = /<ConversationRelay[^>]* url="([^"]*)"/.exec(xml) ?? [];
  const [, redirect = null] = /<Redirect[^>]*>([^<]*)</.exec(xml) ?? [];
  const [, language = null] = /<(?:Gather|Say|ConversationRelay)[^>]* language="([^"]*)"/.exec(xml) ?? [];
  const says = Array.from(xml.matchAll(/<Say[^>]*>([^<]*)</g), ([, said]) => plainText(said ?? '')).join(' ');
  const plain = (address: string | null) => address && plainText(address);
  return {
    xml,
    says,
    language,
    action: plain(action),
    relay: plain(relay),
    redirect: plain(redirect),
    hangsUp: xml.includes('<Hangup'),
    rejects: xml.includes('<Reject'),
  };
}

const plainText = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** Starts a process at a port of its own: what it says of its address is PUBLIC_URL, which is nowhere. */
export async function startAtPort({ start }: Processes, env: Record<string, string> = {}): Promise<Parley> {
  const port = String(await freePort());
  const parley = await start(undefined, { PORT: port, ...env });
  parley.url = `http://127.0.0.1:${port}`;
  return parley;
}
