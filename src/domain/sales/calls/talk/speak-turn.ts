import type { LineReply, LineTurn } from '#adapters/telephony/telephony.ts';
import { takeUpdateNumber } from '#domain/conversations/message-updates.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { jsonColumn, type TransactionChange } from '#domain/core/transaction.ts';
import { classifyByModel } from '#domain/sales/agent/by-model/classify.ts';
import { phraseByModel } from '#domain/sales/agent/by-model/phrase.ts';
import type { AgentState } from '#domain/sales/agent/machine.ts';
import { parseTime } from '#domain/sales/agent/times/parse-time.ts';
import { saysTime } from '#domain/sales/agent/times/spoken-time.ts';
import type { Meaning } from '#domain/sales/agent/understanding/intent.ts';
import { shorten } from '#domain/sales/agent/understanding/plain-words.ts';
import { saysNothing, understand } from '#domain/sales/agent/understanding/understand.ts';
import { eventKeys } from '#domain/sales/calls/event-keys.ts';
import { changeCall } from '#domain/sales/calls/lock-call.ts';
import type { Call } from '#generated/prisma/client.ts';
import { type TakenTurn, takeLineTurn } from './take-line-turn.ts';

/**
 * Takes a turn of a call like `takeLineTurn`, but first asks the model, if one is configured, for the meaning of an utterance that the
 * rules do not understand. No row is locked meanwhile.
 */
export async function understandTurn(services: Services, turn: LineTurn): Promise<TakenTurn> {
  return takeLineTurn(services, turn, await findMeaning(services, turn));
}

/** Takes a turn for a line that needs the whole reply at once. A model's words are also returned when the turn is repeated. */
export async function speakTurn(services: Services, turn: LineTurn): Promise<LineReply> {
  const taken = await understandTurn(services, turn);
  const { reply, isRepeated, phrasing } = taken;
  if (services.model === null || (!phrasing && !isRepeated)) return reply;
  let say = '';
  for await (const words of speak(services, taken, turn, new AbortController().signal)) say += words;
  return { ...reply, say: await settleWords(services, turn, say.trim()) };
}

/** Yields the words of a reply as they are produced: the model's if it may phrase them, else the written ones. */
export async function* speak(
  { model, log }: Services,
  { reply, phrasing }: TakenTurn,
  { text }: LineTurn,
  stop: AbortSignal,
): AsyncGenerator<string, void> {
  if (model && phrasing) yield* phraseByModel({ model, log }, phrasing, text ?? '', stop);
  else if (reply.say) yield reply.say;
}

/** Stores the words that were said instead of the written reply. The first to do so decides; returns the words that count. */
export async function settleWords(services: Services, { callId, turn }: LineTurn, words: string): Promise<string> {
  const settled = await changeCall(services, callId, async (change, deps, call) => {
    const event = { callId, key: eventKeys.said(turn), answer: words };
    const { count } = await change.tx.callEvent.createMany({ data: [event], skipDuplicates: true });
    if (count > 0 && call.turns === turn + 1) await rephrase(change, deps, call, words);
    if (count > 0) return words;
    const first = await change.tx.callEvent.findUnique({ where: { callId_key: { callId, key: event.key } } });
    return first?.answer ?? words;
  });
  return settled ?? words;
}

/** Replaces the words of the agent's last message. */
async function rephrase(change: TransactionChange, deps: Deps, call: Call, words: string): Promise<void> {
  const { conversationId, ownerId } = call;
  const last = conversationId
    ? await change.tx.message.findFirst({
        where: { conversationId, role: 'ASSISTANT' },
        orderBy: { sequence: 'desc' },
        select: { id: true, content: true },
      })
    : null;
  if (!last || !conversationId || last.content === words) return;
  const updateNumber = await takeUpdateNumber(change, conversationId);
  const model = deps.model?.name ?? null;
  await change.tx.message.update({ where: { id: last.id }, data: { content: words, model, updateNumber } });
  const agentState = jsonColumn({ ...(call.agentState as AgentState), phrased: words });
  await change.tx.call.update({ where: { id: call.id }, data: { agentState }, select: { id: true } });
  change.changed({ ownerId, type: 'CONVERSATION', id: conversationId });
}

/**
 * Asks the model for the meaning of an utterance that the rules do not understand, except where a misunderstood "no" would cause another
 * call.
 */
async function findMeaning(services: Services, { callId, turn, text }: LineTurn): Promise<Meaning | null> {
  const { model, log, database, now } = services;
  if (!model || !text || turn === 0) return null;
  const words = shorten(text);
  const understood = understand(words);
  if (understood.words === 0 || !saysNothing(understood) || saysTime(parseTime(words, { now: now(), zone: 'UTC' })))
    return null;
  const keys = { before: eventKeys.turn(turn - 1), this: eventKeys.turn(turn) };
  const call = await database.prisma.call.findUnique({
    where: { id: callId },
    select: { agentState: true, events: { where: { key: { in: Object.values(keys) } } } },
  });
  const stage = (call?.agentState as AgentState | null)?.stage;
  const before = call?.events.find(({ key }) => key === keys.before)?.answer;
  const isTaken = call?.events.some(({ key }) => key === keys.this);
  if (!before || isTaken || stage === 'refusal' || stage === 'ended') return null;
  return classifyByModel({ model, log }, { asked: (JSON.parse(before) as LineReply).say, text });
}
