import { CALL_DEADLINES_CHANNEL, callEndChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import type { ErrorCode } from '#domain/core/errors.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { isActive } from '#domain/sales/calls/call-states.ts';
import { nextQuestion } from '#domain/sales/calls/deadlines.ts';
import { settleCampaignLead } from '#domain/sales/campaigns/settle-campaign-lead.ts';
import { callEnded } from '#domain/webhooks/events.ts';
import type { Call, Prisma } from '#generated/prisma/client.ts';
import type { CallOutcome, CallStatus } from '#generated/prisma/enums.ts';

/** How a call ends. */
export type CallEnd = {
  status: Exclude<CallStatus, 'QUEUED' | 'DIALING' | 'RINGING' | 'IN_PROGRESS'>;
  endedAt: Date;
  startedAt?: Date | null;
  /** Why, unless it ended as intended. */
  error?: CallError;
  /** Whether the provider may still carry the call, and has to be told to end it: `hangUp`, after the commit. */
  hangUp?: boolean;
};

/** Why a call failed, in words for its owner; `retryable` tells whether another call may succeed. */
export type CallError = { code: ErrorCode; message: string; retryable: boolean };

/**
 * Ends a call that the transaction has locked. This is the only place where calls end, so everything that waits for the end is triggered
 * here, exactly once. Returns the updated call; a call that is over stays unchanged.
 */
export async function endCall(
  change: TransactionChange,
  deps: Deps,
  call: Call,
  { status, endedAt, startedAt = call.startedAt, error, hangUp = false }: CallEnd,
): Promise<Call> {
  const { tx, changed, publish, emit } = change;
  if (!isActive(call.status)) return call;
  const data: Prisma.CallUncheckedUpdateInput = {
    status,
    startedAt,
    endedAt,
    deadlineAt: null,
    hangUpAt: hangUp && call.status !== 'QUEUED' ? nextQuestion(deps.now()) : null,
    outcome: outcomeOf(call, status),
    ...(error && { errorCode: error.code, errorMessage: error.message, errorRetryable: error.retryable }),
  };
  const ended = await tx.call.update({ where: { id: call.id }, data });
  await markContacted({ tx, changed }, ended);
  changed({ ownerId: call.ownerId, type: 'CALL', id: call.id });
  emit(callEnded(ended));
  if (ended.hangUpAt) for (const channel of [CALL_DEADLINES_CHANNEL, callEndChannel(call.id)]) publish(channel);
  await settleCampaignLead(change, deps, ended);
  return ended;
}

/** The outcome that the agent recorded is kept. An answered call always gets an outcome, an unanswered one none. */
function outcomeOf({ outcome, answeredBy }: Call, status: CallStatus): CallOutcome | null {
  if (outcome || status !== 'COMPLETED') return outcome;
  return answeredBy === 'VOICEMAIL' ? 'VOICEMAIL' : 'NO_OUTCOME';
}

/** A lead that was spoken to is no longer NEW. */
async function markContacted(
  { tx, changed }: Pick<TransactionChange, 'tx' | 'changed'>,
  { leadId, ownerId, answeredBy }: Call,
): Promise<void> {
  if (answeredBy !== 'PERSON') return;
  const { count } = await tx.lead.updateMany({ where: { id: leadId, status: 'NEW' }, data: { status: 'CONTACTED' } });
  if (count > 0) changed({ ownerId, type: 'LEAD', id: leadId });
}
