import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOutage } from '#adapters/database/outages.ts';
import type { LineReply } from '#adapters/telephony/telephony.ts';
import { loadTwilio, type Twilio } from '#adapters/telephony/twilio/library.ts';
import { answeredByOf, reportOfWebhook, type WebhookParams } from '#adapters/telephony/twilio/reports.ts';
import { WEBHOOKS } from '#adapters/telephony/twilio/twilio-line.ts';
import { twimlOf, twimlOfRelay, twimlToReject, twimlToWait } from '#adapters/telephony/twilio/twiml.ts';
import type { TwilioSettings } from '#config/telephony.ts';
import type { Services } from '#domain/core/deps.ts';
import { hangUp } from '#domain/sales/calls/ending/hang-up.ts';
import { answerInbound, findByProvider } from '#domain/sales/calls/talk/answer-inbound.ts';
import { createTurnTaker } from '#domain/sales/calls/talk/hear-turn.ts';
import { recordReport } from '#domain/sales/calls/talk/record-report.ts';
import { goOnAfterRelay, type RelaySession } from '#domain/sales/calls/talk/relay-sessions.ts';
import { replyEmpty, replyText } from '#http/reply.ts';
import { searchOf } from '#http/request.ts';
import { relayAddress } from './relay.ts';
import { GOODBYE_SPOKEN } from './relay-session.ts';
import { readWebhook } from './signed-form.ts';

const PATH = new RegExp(`^${WEBHOOKS}/(voice|gather|relayed|status)$`);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The path of the WebSockets of calls. */
const SESSION = /^\d$/;
/** More turns than any call has. */
const TURN = /^\d{1,4}$/;

const HANG_UP: LineReply = { say: '', next: 'hang-up', language: 'en', stage: null };

/**
 * Creates the endpoint for Twilio's webhooks: `voice` when a call is answered or comes in, `gather` when speech was recognized or not,
 * `relayed` when a WebSocket of a call has ended, `status` when its state changes. Requests must be signed. A repeated request has no
 * further effect, and gets the same response. While the database is away, a call is told to wait and to ask again. Returns false for other
 * paths, and throws HttpError (403 for an invalid signature, 405, 413, 415).
 */
export function createTwilioEndpoint(settings: TwilioSettings, services: Services) {
  const loaded = loadTwilio().then((twilio) => ({ twilio, webhooks: new CallWebhooks(twilio, settings, services) }));
  loaded.catch(() => {});
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const [, event] = PATH.exec(path) ?? [];
    if (!event) return false;
    const { twilio, webhooks } = await loaded;
    const params = await readWebhook(twilio, settings, request);
    const search = searchOf(request);
    if (event === 'status') {
      await webhooks.status(search, params);
      replyEmpty(response, 204);
      return true;
    }
    const twiml = await webhooks[event as 'voice' | 'gather' | 'relayed'](search, params).catch((error: unknown) => {
      if (!isOutage(error)) throw error;
      // Twilio ends a call whose webhook fails.
      services.log.warn({ err: error, event }, 'a call waits for the database');
      return twimlToWait(twilio, `${settings.publicUrl}${request.url}`);
    });
    replyText(response, 200, twiml, { 'content-type': 'text/xml; charset=utf-8' });
    return true;
  };
}

/** The handlers of the webhooks. All but `status` return TwiML. */
class CallWebhooks {
  readonly #twilio: Twilio;
  readonly #settings: TwilioSettings;
  readonly #services: Services;
  readonly #takeTurn: ReturnType<typeof createTurnTaker>;

  constructor(twilio: Twilio, settings: TwilioSettings, services: Services) {
    this.#twilio = twilio;
    this.#settings = settings;
    this.#services = services;
    this.#takeTurn = createTurnTaker(services);
  }

  /** The call was answered, or has come in. */
  async voice(search: URLSearchParams, params: WebhookParams): Promise<string> {
    const report = reportOfWebhook({ ...params, CallStatus: 'in-progress' }, this.#services.now());
    if (!report) return this.#hangUp();
    const isInbound = !search.has('call');
    const callId = isInbound ? await this.#takeInbound(params) : callIdIn(search);
    if (callId === null) return isInbound ? twimlToReject(this.#twilio) : this.#hangUp();
    if (!isInbound && (await recordReport(this.#services, callId, report)) !== 'active') return this.#hangUp();
    return this.#answer(callId, 0, params);
  }

  /** Speech was recognized in the call, or none was. */
  async gather(search: URLSearchParams, params: WebhookParams): Promise<string> {
    const [callId, turn] = [callIdIn(search), search.get('turn') ?? ''];
    if (callId === null || !TURN.test(turn)) return this.#hangUp();
    return this.#answer(callId, Number(turn), params);
  }

  /** A WebSocket of the call has ended, or could not be opened. */
  async relayed(search: URLSearchParams, params: WebhookParams): Promise<string> {
    const [callId, session] = [callIdIn(search), search.get('session') ?? ''];
    const isEnded = params.HandoffData === GOODBYE_SPOKEN;
    if (callId === null || !SESSION.test(session) || isEnded) return this.#hangUp();
    const ended = { callId, session: Number(session) };
    // A process that is stopping would have to close the socket at once.
    if (this.#services.health.isDraining()) return twimlToWait(this.#twilio, this.#addressAfterRelay(ended));
    const report = reportOfWebhook(params, this.#services.now());
    if (report && (await recordReport(this.#services, callId, report)) !== 'active') return this.#hangUp();
    const next = await goOnAfterRelay(this.#services, ended);
    if (next.how === 'relay') return this.#relay({ callId, session: next.session }, next.reply);
    return next.how === 'gather'
      ? twimlOf(this.#twilio, next.reply, this.#addressOfTurn(callId, next.nextTurn))
      : this.#hangUp();
  }

  /** The state of the call has changed. */
  async status(search: URLSearchParams, params: WebhookParams): Promise<void> {
    const report = reportOfWebhook(params, this.#services.now());
    const callId = report && (callIdIn(search) ?? (await findByProvider(this.#services, report.providerCallId)));
    if (!report || !callId || (await recordReport(this.#services, callId, report)) !== 'unwanted') return;
    await hangUp(this.#services, { id: callId, providerCallId: report.providerCallId });
  }

  #takeInbound({ CallSid, From, To, Direction }: WebhookParams): Promise<string | null> {
    const { inboundUsername: username, from } = this.#settings;
    if (username === null || Direction !== 'inbound' || To !== from || !CallSid || !From) return Promise.resolve(null);
    return answerInbound(this.#services, { username, providerCallId: CallSid, from: From });
  }

  async #answer(callId: string, turn: number, params: WebhookParams): Promise<string> {
    const text = params.SpeechResult ?? null;
    const reply = await this.#takeTurn({ callId, turn, text, answeredBy: answeredByOf(params.AnsweredBy) });
    if (!reply) return twimlToWait(this.#twilio, this.#addressOfTurn(callId, turn));
    // The greeting is spoken over the socket. A call that continues without one already had a socket.
    if (this.#settings.conversation === 'relay' && turn === 0 && reply.next === 'listen')
      return this.#relay({ callId, session: 1 }, reply);
    return twimlOf(this.#twilio, reply, this.#addressOfTurn(callId, turn + 1));
  }

  #relay(session: RelaySession, reply: LineReply): string {
    const [socket, action] = [relayAddress(this.#settings, session), this.#addressAfterRelay(session)];
    return twimlOfRelay(this.#twilio, reply, { socket, action });
  }

  #hangUp(): string {
    return twimlOf(this.#twilio, HANG_UP, '');
  }

  #addressOfTurn(callId: string, turn: number): string {
    return `${this.#settings.publicUrl}${WEBHOOKS}/gather?call=${callId}&turn=${turn}`;
  }

  #addressAfterRelay({ callId, session }: RelaySession): string {
    return `${this.#settings.publicUrl}${WEBHOOKS}/relayed?call=${callId}&session=${session}`;
  }
}

function callIdIn(search: URLSearchParams): string | null {
  const id = search.get('call') ?? '';
  return UUID.test(id) ? id : null;
}
