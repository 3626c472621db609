import { v7 as uuidv7 } from 'uuid';
import { CALL_DEADLINES_CHANNEL } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { enqueue } from '#domain/core/enqueue.ts';
import { Conflict } from '#domain/core/errors.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { ACTIVE_STATUSES } from '#domain/sales/calls/call-states.ts';
import { deadlineAfter } from '#domain/sales/calls/deadlines.ts';
import type { Campaign, Lead } from '#generated/prisma/client.ts';

/** Whom to call, and for which campaign. */
export type NewCall = { lead: Lead; campaign: Campaign | null };

/** The ids of a call's rows. */
export type PlacedCall = { callId: string; jobId: string; conversationId: string };

/**
 * Places a call to a lead as part of the transaction: the call with its conversation, and the job that dials it. The caller judges whether
 * the lead may be called; that is judged again before dialling, when the attempt counts. Throws Conflict (the lead is in a call),
 * Forbidden, QueueFull.
 */
export async function placeCall(
  change: TransactionChange,
  deps: Deps,
  { lead, campaign }: NewCall,
): Promise<PlacedCall> {
  const { tx } = change;
  await assertNotInCall(tx, lead.id);
  const callId = uuidv7();
  const conversationId = await createCallConversation(change, deps, lead);
  const queuedAt = deps.now();
  await tx.call.create({
    data: {
      id: callId,
      ownerId: lead.ownerId,
      leadId: lead.id,
      campaignId: campaign?.id ?? null,
      conversationId,
      direction: 'OUTBOUND',
      phone: lead.phone,
      attempt: lead.attempts + 1,
      provider: deps.telephony.name,
      queuedAt,
      deadlineAt: deadlineAfter(deps, 'QUEUED', queuedAt),
    },
    select: { id: true },
  });
  change.changed({ ownerId: lead.ownerId, type: 'CALL', id: callId });
  change.publish(CALL_DEADLINES_CHANNEL);
  const subject = { type: 'Call', id: callId };
  const { id: jobId } = await enqueue(change, deps, { kind: 'CALL_LEAD', subject, payload: { callId } });
  return { callId, jobId, conversationId };
}

/** Creates the conversation of a call with a lead, and returns its id. */
export async function createCallConversation(
  { tx, changed }: TransactionChange,
  deps: Pick<Deps, 'now'>,
  { id: leadId, ownerId, name }: Pick<Lead, 'id' | 'ownerId' | 'name'>,
): Promise<string> {
  const [id, now] = [uuidv7(), deps.now()];
  const times = { createdAt: now, updatedAt: now, lastActivityAt: now };
  await tx.conversation.create({
    data: { id, ownerId, leadId, channel: 'PHONE', title: name, ...times },
    select: { id: true },
  });
  changed({ ownerId, type: 'CONVERSATION', id });
  return id;
}

/** Locks the lead, so that no two calls to it are placed concurrently. Throws Conflict if it is in a call. */
export async function assertNotInCall(tx: Tx, leadId: string): Promise<void> {
  await lockRow(tx, 'leads', leadId);
  const call = await tx.call.findFirst({
    where: { leadId, status: { in: [...ACTIVE_STATUSES] } },
    select: { id: true },
  });
  if (call) throw new Conflict('The lead is in a call already, or waits for one.', { callId: call.id });
}
