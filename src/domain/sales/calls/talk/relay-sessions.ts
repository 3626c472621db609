import type { LineReply } from '#adapters/telephony/telephony.ts';
import type { Services } from '#domain/core/deps.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { markCutOff } from '#domain/sales/calls/call-messages.ts';
import { isActive } from '#domain/sales/calls/call-states.ts';
import { eventKeys } from '#domain/sales/calls/event-keys.ts';
import { changeCall } from '#domain/sales/calls/lock-call.ts';
import type { Call } from '#generated/prisma/client.ts';

/** How many WebSocket sessions may carry a call, one after the other, before it continues without. */
const MAX_SESSIONS = 5;

/** A WebSocket session that carries a call; `session` counts from 1 within the call. */
export type RelaySession = { callId: string; session: number };

/** Where a call continues: the agent's last words, and the number of the next turn. */
export type OpenedRelay = { reply: LineReply; nextTurn: number };

/**
 * Begins a session of an active call, for the provider's call that it belongs to. Only once, so that a replayed or misused signature opens
 * nothing. Returns null if there is nothing to carry.
 */
export async function openRelay(
  services: Services,
  { callId, session }: RelaySession,
  providerCallId: string,
): Promise<OpenedRelay | null> {
  return changeCall(services, callId, async ({ tx }, _deps, call) => {
    if (!isActive(call.status) || (call.providerCallId ?? providerCallId) !== providerCallId) return null;
    if (await hasBegun(tx, { callId, session }, 'or a later one')) return null;
    const reply = await findLastReply(tx, call);
    if (!reply) return null;
    await tx.callEvent.create({ data: { callId, key: eventKeys.relay(session) } });
    if (call.providerCallId === null) await tx.call.update({ where: { id: callId }, data: { providerCallId } });
    return { reply, nextTurn: call.turns };
  });
}

/** Whether a call is over, or was deleted. */
export async function isCallOver({ database }: Services, callId: string): Promise<boolean> {
  const call = await database.prisma.call.findUnique({ where: { id: callId }, select: { status: true } });
  return !call || !isActive(call.status);
}

/** Whether a session has begun; with `or a later one`, whether it can no longer begin. */
export async function hasBegun(tx: Tx, { callId, session }: RelaySession, which?: 'or a later one'): Promise<boolean> {
  const last = which ? MAX_SESSIONS : session;
  const keys = Array.from({ length: last - session + 1 }, (_, index) => eventKeys.relay(session + index));
  return (await tx.callEvent.count({ where: { callId, key: { in: keys } } })) > 0;
}

/** How a call continues after a session: over another one, by a webhook for each turn, or not at all. */
export type AfterRelay =
  | { how: 'relay'; session: number; reply: LineReply }
  | { how: 'gather'; nextTurn: number; reply: LineReply }
  | { how: 'hang-up' };

/**
 * Returns how a call continues after its socket broke: the agent's last words are repeated. A provider that could not open the socket is
 * not asked for another one.
 */
export async function goOnAfterRelay(services: Services, { callId, session }: RelaySession): Promise<AfterRelay> {
  const next = await changeCall(services, callId, async ({ tx }, _deps, call): Promise<AfterRelay> => {
    const reply = await findLastReply(tx, call);
    if (!isActive(call.status) || !reply) return { how: 'hang-up' };
    if (reply.next === 'listen' && session < MAX_SESSIONS && (await hasBegun(tx, { callId, session })))
      return { how: 'relay', session: session + 1, reply };
    return { how: 'gather', nextTurn: call.turns, reply };
  });
  return next ?? { how: 'hang-up' };
}

async function findLastReply(tx: Tx, { id, turns }: Call): Promise<LineReply | null> {
  const keys = { reply: eventKeys.turn(turns - 1), said: eventKeys.said(turns - 1) };
  const events = await tx.callEvent.findMany({ where: { callId: id, key: { in: Object.values(keys) } } });
  const [written, said] = [keys.reply, keys.said].map((key) => events.find((event) => event.key === key)?.answer);
  if (!written) return null;
  const reply = JSON.parse(written) as LineReply;
  return said ? { ...reply, say: said } : reply;
}

/** Cuts the agent's last message to the part that was heard, if the session still carries the call. */
export async function cutOffReply(services: Services, relay: RelaySession, heard: string): Promise<void> {
  await changeCall(services, relay.callId, async (change, _deps, call) => {
    if (await hasBegun(change.tx, { ...relay, session: relay.session + 1 })) return;
    await markCutOff(change, call, heard);
  });
}
