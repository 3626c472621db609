import type { AnsweredBy, LineReply, LineTurn } from '#adapters/telephony/telephony.ts';
import { SYSTEM_ACTOR } from '#domain/core/actor.ts';
import { CALL_DEADLINES_CHANNEL } from '#domain/core/channels.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import type { Heard } from '#domain/sales/agent/heard.ts';
import type { Phrasing } from '#domain/sales/agent/phrasing.ts';
import { takeTurn } from '#domain/sales/agent/take-turn.ts';
import type { Meaning } from '#domain/sales/agent/understanding/intent.ts';
import { appendUtterances, markCutOff } from '#domain/sales/calls/call-messages.ts';
import { isActive } from '#domain/sales/calls/call-states.ts';
import { deadlineOfTalk } from '#domain/sales/calls/deadlines.ts';
import { eventKeys } from '#domain/sales/calls/event-keys.ts';
import { changeCall } from '#domain/sales/calls/lock-call.ts';
import { warmUpHolidays, withListedHolidays } from '#domain/sales/eligibility/holidays.ts';
import { placeOfNumber } from '#domain/sales/phones/number-place.ts';
import type { Call } from '#generated/prisma/client.ts';
import type { CallParty } from '#generated/prisma/enums.ts';
import { hasBegun } from './relay-sessions.ts';

/** The reply for a call that is over or deleted. */
const HANG_UP: LineReply = { say: '', next: 'hang-up', language: 'en', stage: null };

/** A turn that was taken: its written reply, and the first time also what a model may phrase of it. */
export type TakenTurn = { reply: LineReply; isRepeated: boolean; phrasing: Phrasing | null };

/** How many UTF-16 units of a turn are stored: more than anybody says in a minute. */
const MAX_HEARD = 4_000;

/**
 * Takes a turn of a call: stores what the lead said, and stores and returns the agent's reply. Idempotent: a repeated turn gets the first
 * reply.
 */
export async function takeLineTurn(
  services: Services,
  turn: LineTurn,
  meaning: Meaning | null = null,
): Promise<TakenTurn> {
  const takeOnce = () =>
    changeCall(services, turn.callId, async (change, deps, call) => {
      const place = { callId_key: { callId: call.id, key: eventKeys.turn(turn.turn) } };
      const first = await change.tx.callEvent.findUnique({ where: place });
      if (first?.answer) return { reply: JSON.parse(first.answer) as LineReply, isRepeated: true, phrasing: null };
      if (!isActive(call.status) || (await isReplaced(change, turn))) return null;
      if (turn.turn === 0) prepareToMeet(services, call);
      const { reply, phrasing } = await answerTurn(change, deps, call, turn, meaning);
      await change.tx.callEvent.create({ data: { ...place.callId_key, answer: JSON.stringify(reply) } });
      return { reply, isRepeated: false, phrasing };
    });
  const taken = await withListedHolidays({ ...services, actor: SYSTEM_ACTOR }, takeOnce);
  return taken ?? { reply: HANG_UP, isRepeated: false, phrasing: null };
}

/** Lists the holidays of the lead's country, on which no meeting is offered, while the greeting is spoken. */
function prepareToMeet(services: Services, { phone }: Call): void {
  const { country } = placeOfNumber(phone);
  if (country === null) return;
  warmUpHolidays({ ...services, actor: SYSTEM_ACTOR }, country).catch((error: unknown) =>
    services.log.warn({ err: error, country }, 'the holidays are listed when they are needed'),
  );
}

/** Whether another WebSocket session than that of the turn carries the call by now. */
const isReplaced = async ({ tx }: TransactionChange, { callId, session }: LineTurn): Promise<boolean> =>
  session !== undefined && hasBegun(tx, { callId, session: session + 1 });

async function answerTurn(
  change: TransactionChange,
  deps: Deps,
  call: Call,
  turn: LineTurn,
  meaning: Meaning | null,
): Promise<Omit<TakenTurn, 'isRepeated'>> {
  const { tx, changed, publish } = change;
  const heard = heardIn(turn, meaning);
  const text = 'text' in heard ? heard.text : '';
  if (heard.kind === 'interrupted') await markCutOff(change, call, heard.heardText);
  const answer = await takeTurn(change, deps, call, heard);
  await appendUtterances(change, deps, call, [
    { role: 'USER', content: text },
    { role: 'ASSISTANT', content: answer.say },
  ]);
  const now = deps.now();
  const { agentState } = await tx.call.update({
    where: { id: call.id },
    data: {
      status: 'IN_PROGRESS',
      startedAt: call.startedAt ?? now,
      turns: { increment: 1 },
      turnsHeard: { increment: text === '' ? 0 : 1 },
      deadlineAt: deadlineOfTalk(deps, call.startedAt ?? now, now),
    },
  });
  changed({ ownerId: call.ownerId, type: 'CALL', id: call.id });
  publish(CALL_DEADLINES_CHANNEL);
  const { say, next, language, mustBeHeard, phrasing } = answer;
  return { reply: { say, next, language, mustBeHeard, stage: stageOf(agentState) }, phrasing };
}

function heardIn({ turn, text, answeredBy, cutOffAfter }: LineTurn, meaning: Meaning | null): Heard {
  if (turn === 0) return { kind: 'answered', by: partyOf(answeredBy ?? null) };
  const said = text?.replaceAll('\0', '').toWellFormed().trim().slice(0, MAX_HEARD);
  if (!said) return { kind: 'silence' };
  if (cutOffAfter == null) return { kind: 'speech', text: said, meaning };
  return { kind: 'interrupted', heardText: cutOffAfter, text: said, meaning };
}

/** Maps who answered to a party. Whether a machine is a voicemail or a screener, its words tell. */
export function partyOf(answeredBy: AnsweredBy | null): CallParty {
  if (answeredBy === 'MACHINE') return 'VOICEMAIL';
  return answeredBy === 'HUMAN' ? 'PERSON' : 'UNKNOWN';
}

function stageOf(agentState: unknown): string | null {
  const { stage } = (agentState ?? {}) as { stage?: unknown };
  return typeof stage === 'string' ? stage : null;
}
