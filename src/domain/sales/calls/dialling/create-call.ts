import { CallRefused, LineUnusable, type OutgoingCall, TooManyCalls } from '#adapters/telephony/telephony.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { isActive } from '#domain/sales/calls/call-states.ts';
import { endCall } from '#domain/sales/calls/ending/end-call.ts';
import { hangUp } from '#domain/sales/calls/ending/hang-up.ts';
import { describeLineError, describeLineRefusal } from '#domain/sales/calls/ending/line-errors.ts';
import { releaseClaim } from '#domain/sales/calls/ending/release-claim.ts';
import { changeCall } from '#domain/sales/calls/lock-call.ts';
import type { Call } from '#generated/prisma/client.ts';
import { noteLineAnswer } from './line-refusals.ts';

/** The outcome of requesting a call. */
export type Creation =
  | { outcome: 'created'; providerCallId: string }
  | { outcome: 'refused'; error: CallRefused }
  | { outcome: 'later' }
  | { outcome: 'unknown' };

/** Requests a claimed call from the provider: only once, because it may ring from here on. */
export async function createCall({ telephony, log }: Deps, call: OutgoingCall): Promise<Creation> {
  try {
    return { outcome: 'created', providerCallId: await telephony.createCall(call) };
  } catch (error) {
    if (error instanceof TooManyCalls) return { outcome: 'later' };
    if (error instanceof CallRefused) return { outcome: 'refused', error };
    log.warn(
      { err: error, callId: call.callId },
      'nobody knows whether a call was created; its events or its deadline tell',
    );
    return { outcome: 'unknown' };
  }
}

/**
 * Stores the provider's answer, whichever worker has the job by now, because no other process was told. If the call was ended or deleted
 * meanwhile, it is ended at the provider.
 */
export async function settleCreation(
  services: Services,
  callId: string,
  creation: Exclude<Creation, { outcome: 'later' }>,
): Promise<void> {
  const isWanted = await changeCall(services, callId, async (change, deps, call) => {
    if (creation.outcome === 'refused') await endRefused(change, deps, call, creation.error);
    else if (creation.outcome === 'created') await bind(change, deps, call, creation.providerCallId);
    return isActive(call.status);
  });
  if (isWanted || creation.outcome !== 'created') return;
  await hangUp(services, { id: callId, providerCallId: creation.providerCallId });
}

async function bind(change: TransactionChange, deps: Deps, call: Call, created: string): Promise<void> {
  const { id, ownerId, provider, providerCallId } = call;
  await noteLineAnswer(change, deps, provider, null);
  if (providerCallId !== null) return;
  await change.tx.call.update({ where: { id }, data: { providerCallId: created }, select: { id: true } });
  change.changed({ ownerId, type: 'CALL', id });
}

/** Ends a call that the provider refuses. If the number is not to blame, it was no attempt, and its campaign is informed. */
async function endRefused(change: TransactionChange, deps: Deps, call: Call, refusal: CallRefused): Promise<void> {
  const endedAt = deps.now();
  if (!(refusal instanceof LineUnusable)) {
    const error = { ...describeLineError(refusal), retryable: false };
    await endCall(change, deps, call, { status: 'FAILED', endedAt, error });
    return noteLineAnswer(change, deps, call.provider, null);
  }
  const error = describeLineRefusal(refusal);
  const released = await releaseClaim(change, deps, call);
  await endCall(change, deps, released, { status: 'FAILED', endedAt, error });
  if (call.campaignId !== null) {
    const running = { id: call.campaignId, status: 'RUNNING' } as const;
    await change.tx.campaign.updateMany({ where: running, data: { lineRefusal: error.message } });
  }
  await noteLineAnswer(change, deps, call.provider, refusal.code);
}
