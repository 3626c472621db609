import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LineReply } from '#adapters/telephony/telephony.ts';
import { loadTwilio, type Twilio } from '#adapters/telephony/twilio/library.ts';
import { answeredByOf, reportOfWebhook, type WebhookParams } from '#adapters/telephony/twilio/reports.ts';
import { WEBHOOKS } from '#adapters/telephony/twilio/twilio-line.ts';
import { twimlOf, twimlOfRelay, twimlToReject, twimlToWait } from '#adapters/telephony/twilio/twiml.ts';
import type { TwilioSettings } from '#config/telephony.ts';
import type { Services } from '#domain/core/deps.ts';
import { answerInbound, findByProvider } from '#domain/sales/calls/answer-inbound.ts';
import { hangUp } from '#domain/sales/calls/hang-up.ts';
import { createTurnTaker } from '#domain/sales/calls/hear-turn.ts';
import { recordReport } from '#domain/sales/calls/record-report.ts';
import { goOnAfterRelay } from '#domain/sales/calls/relay-sessions.ts';
import { replyEmpty, replyText } from '#http/reply.ts';
import { searchOf } from '#http/request.ts';
import { relayAddress } from './relay.ts';
import { SAID_GOODBYE } from './relay-session.ts';
import { readWebhook } from './signed-form.ts';

const PATH = new RegExp(`^${WEBHOOKS}/(voice|gather|relayed|status)$`);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Of the WebSockets of a call. */
const SESSION = /^\d$/;
/** No call has so many turns. */
const TURN = /^\d{1,4}$/;

const HANG_UP: LineReply = { say: '', next: 'hang-up', language: 'en', stage: null };

/**
 * Creates the endpoint that Twilio tells of calls: `voice` when one is answered or comes in, `gather` when something was
 * heard in it or nothing, `relayed` when a WebSocket of it is over, `status` when it is in another state. Each is signed; whatever is told again has no other effect, and
 * gets the same answer. It returns false for other paths, and throws HttpError (403 for a wrong signature, 405, 413, 415).
 */
export function createTwilioEndpoint(settings: TwilioSettings, services: Services) {
  const library = loadTwilio();
  library.catch(() => {});
  const takeTurn = createTurnTaker(services);
  const respond = { voice: begin, gather: goOn, relayed: goOnAfter };
  const addressOfTurn = (callId: string, turn: number) =>
    `${settings.publicUrl}${WEBHOOKS}/gather?call=${callId}&turn=${turn}`;
  const addressAfterRelay = (callId: string, session: number) =>
    `${settings.publicUrl}${WEBHOOKS}/relayed?call=${callId}&session=${session}`;
  const relay = (twilio: Twilio, callId: string, session: number, reply: LineReply) =>
    twimlOfRelay(twilio, reply, {
      socket: relayAddress(settings, { callId, session }),
      action: addressAfterRelay(callId, session),
    });

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const [, event] = PATH.exec(path) ?? [];
    if (!event) return false;
    const twilio = await library;
    const params = await readWebhook(twilio, settings, request);
    const search = searchOf(request);
    if (event === 'status') {
      await recordStatus(search, params);
      replyEmpty(response, 204);
      return true;
    }
    const twiml = await respond[event as 'voice' | 'gather' | 'relayed'](twilio, search, params);
    replyText(response, 200, twiml, { 'content-type': 'text/xml; charset=utf-8' });
    return true;
  };

  async function goOn(twilio: Twilio, search: URLSearchParams, params: WebhookParams): Promise<string> {
    const [callId, turn] = [callIdIn(search), search.get('turn') ?? ''];
    if (callId === null || !TURN.test(turn)) return twimlOf(twilio, HANG_UP, '');
    return answer(twilio, callId, Number(turn), params);
  }

  /** A WebSocket of the call is over, or could not be opened. */
  async function goOnAfter(twilio: Twilio, search: URLSearchParams, params: WebhookParams): Promise<string> {
    const [callId, session] = [callIdIn(search), search.get('session') ?? ''];
    const isEnded = params.HandoffData === SAID_GOODBYE;
    if (callId === null || !SESSION.test(session) || isEnded) return twimlOf(twilio, HANG_UP, '');
    // Whoever is about to end would open a socket only to close it.
    if (services.health.isDraining()) return twimlToWait(twilio, addressAfterRelay(callId, Number(session)));
    const report = reportOfWebhook(params, services.now());
    if (report && (await recordReport(services, callId, report)) !== 'active') return twimlOf(twilio, HANG_UP, '');
    const next = await goOnAfterRelay(services, { callId, session: Number(session) });
    if (next.how === 'relay') return relay(twilio, callId, next.session, next.reply);
    return next.how === 'gather'
      ? twimlOf(twilio, next.reply, addressOfTurn(callId, next.nextTurn))
      : twimlOf(twilio, HANG_UP, '');
  }

  async function recordStatus(search: URLSearchParams, params: WebhookParams): Promise<void> {
    const report = reportOfWebhook(params, services.now());
    const callId = report && (callIdIn(search) ?? (await findByProvider(services, report.providerCallId)));
    if (!report || !callId || (await recordReport(services, callId, report)) !== 'unwanted') return;
    await hangUp(services, { id: callId, providerCallId: report.providerCallId });
  }

  /** The call was answered, or has come in. */
  async function begin(twilio: Twilio, search: URLSearchParams, params: WebhookParams): Promise<string> {
    const report = reportOfWebhook({ ...params, CallStatus: 'in-progress' }, services.now());
    if (!report) return twimlOf(twilio, HANG_UP, '');
    const isInbound = !search.has('call');
    const callId = isInbound ? await takeInbound(params) : callIdIn(search);
    if (callId === null) return isInbound ? twimlToReject(twilio) : twimlOf(twilio, HANG_UP, '');
    if (!isInbound && (await recordReport(services, callId, report)) !== 'active') return twimlOf(twilio, HANG_UP, '');
    return answer(twilio, callId, 0, params);
  }

  function takeInbound({ CallSid, From, To, Direction }: WebhookParams): Promise<string | null> {
    const { inboundUsername: username, from } = settings;
    if (username === null || Direction !== 'inbound' || To !== from || !CallSid || !From) return Promise.resolve(null);
    return answerInbound(services, { username, providerCallId: CallSid, from: From });
  }

  async function answer(twilio: Twilio, callId: string, turn: number, params: WebhookParams): Promise<string> {
    const text = params.SpeechResult ?? null;
    const reply = await takeTurn({ callId, turn, text, answeredBy: answeredByOf(params.AnsweredBy) });
    if (!reply) return twimlToWait(twilio, addressOfTurn(callId, turn));
    // The first words are said over the socket; a call that goes on without one has had its sockets.
    if (settings.conversation === 'relay' && turn === 0 && reply.next === 'listen')
      return relay(twilio, callId, 1, reply);
    return twimlOf(twilio, reply, addressOfTurn(callId, turn + 1));
  }
}

function callIdIn(search: URLSearchParams): string | null {
  const id = search.get('call') ?? '';
  return UUID.test(id) ? id : null;
}
