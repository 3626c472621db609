import type { LineStatus } from '#adapters/telephony/telephony.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import { isActive } from '#domain/sales/calls/call-states.ts';
import {
  deadlineAfter,
  deadlineOfTalk,
  lastMomentOfRinging,
  lastMomentOfTalk,
  nextQuestion,
} from '#domain/sales/calls/deadlines.ts';
import { askProvider } from '#domain/sales/calls/ending/ask-provider.ts';
import { type CallEnd, type CallError, endCall } from '#domain/sales/calls/ending/end-call.ts';
import { hangUp } from '#domain/sales/calls/ending/hang-up.ts';
import { changeCall } from '#domain/sales/calls/lock-call.ts';
import { recordReport } from '#domain/sales/calls/talk/record-report.ts';
import type { Call } from '#generated/prisma/client.ts';

/** The error of a call that not even its provider knows. */
const LOST: CallError = {
  code: 'UNAVAILABLE',
  message: 'Nothing was heard of this call any more, and its provider does not know it.',
  retryable: true,
};
/** The error of a call that its provider neither connects nor ends. */
const STUCK: CallError = {
  code: 'UNAVAILABLE',
  message: 'The provider of the line had this call neither answered nor ended in time.',
  retryable: true,
};
/** The error of a call whose provider has not answered for as long as the call could last. */
const UNKNOWN: CallError = {
  code: 'UNAVAILABLE',
  message: 'The provider of the line did not say what became of this call.',
  retryable: true,
};
const TOO_LONG: CallError = {
  code: 'LIMIT_EXCEEDED',
  message: 'The call lasted as long as a call may.',
  retryable: false,
};

/** Asks the provider what became of an overdue call, and ends it or gives it a new deadline. */
export async function settleOverdue(services: Services, call: Call): Promise<void> {
  if (call.status === 'QUEUED') return settleQueued(services, call);
  const report = await askProvider(services, call);
  if (report === 'unknown') return void (await changeCall(services, call.id, endOrAskAgain));
  if (report === null) return void (await changeCall(services, call.id, endLost));
  const recorded = await recordReport(services, call.id, report);
  const isLeft =
    recorded === 'active'
      ? await changeCall(services, call.id, (change, deps, active) => endTooLong(change, deps, active, report.status))
      : recorded === 'unwanted';
  if (isLeft) await hangUp(services, { id: call.id, providerCallId: report.providerCallId });
}

/** A queued call stays queued as long as its job is active. */
async function settleQueued(services: Services, { id }: Call): Promise<void> {
  await changeCall(services, id, async (change, deps, call) => {
    if (call.status !== 'QUEUED') return;
    const now = deps.now();
    const job = await change.tx.job.findFirst({
      where: { kind: 'CALL_LEAD', subjectId: id },
      select: { status: true },
    });
    if (job && !hasEnded(job.status)) return setDeadline(change, id, deadlineAfter(deps, 'QUEUED', now));
    await endCall(change, deps, call, { status: call.errorCode === null ? 'CANCELLED' : 'FAILED', endedAt: now });
  });
}

/** As long as a call may go on, its provider is asked again. */
async function endOrAskAgain(change: TransactionChange, deps: Deps, call: Call): Promise<void> {
  if (!isActive(call.status)) return;
  const now = deps.now();
  const { startedAt } = call;
  if (now < lastMomentOfTalk(deps, startedAt ?? ringsUntil(deps, call)))
    return setDeadline(change, call.id, nextQuestion(now));
  await endCall(change, deps, call, { status: startedAt ? 'COMPLETED' : 'FAILED', endedAt: now, error: UNKNOWN });
}

const ringsUntil = (deps: Deps, { dialledAt, queuedAt }: Call): Date =>
  lastMomentOfRinging(deps, dialledAt ?? queuedAt);

async function endLost(change: TransactionChange, deps: Deps, call: Call): Promise<void> {
  await endCall(change, deps, call, { status: 'FAILED', endedAt: deps.now(), error: LOST });
}

/** Ends a call that has exceeded its time limit, and returns whether it did; otherwise sets a new deadline. */
async function endTooLong(change: TransactionChange, deps: Deps, call: Call, status: LineStatus): Promise<boolean> {
  if (!isActive(call.status)) return false;
  const now = deps.now();
  const end = endOfTooLong(deps, call, status, now);
  if (end) {
    await endCall(change, deps, call, { ...end, endedAt: now, hangUp: true });
    return true;
  }
  const { startedAt } = call;
  await setDeadline(change, call.id, startedAt ? deadlineOfTalk(deps, startedAt, now) : nextQuestion(now));
  return false;
}

/** For how many milliseconds a provider may still report ringing after the phone should have stopped. */
const RINGING_MARGIN_MS = 90_000;

/**
 * Returns how to end a call that is still active according to its provider; null if it may go on. A call that is still in the provider's
 * queue by now would ring at a time that was not judged.
 */
function endOfTooLong(deps: Deps, call: Call, status: LineStatus, now: Date): Omit<CallEnd, 'endedAt'> | null {
  const { startedAt } = call;
  if (startedAt) return lastMomentOfTalk(deps, startedAt) <= now ? { status: 'COMPLETED', error: TOO_LONG } : null;
  const late = now.getTime() - ringsUntil(deps, call).getTime();
  if (status === 'QUEUED' && late >= 0) return { status: 'CANCELLED', error: STUCK };
  return late >= RINGING_MARGIN_MS ? { status: 'FAILED', error: STUCK } : null;
}

async function setDeadline({ tx }: TransactionChange, id: string, deadlineAt: Date | null): Promise<void> {
  await tx.call.update({ where: { id }, data: { deadlineAt }, select: { id: true } });
}
