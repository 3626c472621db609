import type { LineReport } from '#adapters/telephony/telephony.ts';
import type { Deps, Services } from '#domain/core/deps.ts';
import { hasEnded } from '#domain/core/job-states.ts';
import type { TransactionChange } from '#domain/core/transaction.ts';
import type { Call } from '#generated/prisma/client.ts';
import { isActive } from './call-states.ts';
import { deadlineAfter, deadlineOfTalk, lastMomentOfTalk, nextQuestion } from './deadlines.ts';
import { type CallError, endCall } from './end-call.ts';
import { changeCall } from './lock-call.ts';
import { recordReport } from './record-report.ts';

/** For a call of which nobody knows anything, not even its provider. */
const LOST: CallError = {
  code: 'UNAVAILABLE',
  message: 'Nothing was heard of this call any more, and its provider does not know it.',
  retryable: true,
};
const TOO_LONG: CallError = {
  code: 'LIMIT_EXCEEDED',
  message: 'The call lasted as long as a call may.',
  retryable: false,
};

/** Finds out what became of a call whose deadline is over, by asking its provider, and ends it or gives it another deadline. */
export async function settleOverdue(services: Services, call: Call): Promise<void> {
  if (call.status === 'QUEUED') return settleQueued(services, call);
  const report = await askProvider(services, call);
  if (report === 'unknown') return void (await postpone(services, call.id));
  if (report === null) return void (await changeCall(services, call.id, endLost));
  if ((await recordReport(services, call.id, report)) === 'over') return;
  if (await changeCall(services, call.id, endTooLong)) await hangUp(services, report.providerCallId);
}

/** A call that waits goes on waiting as long as its job does. */
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

/** Returns what the provider says; null where it knows no such call, `unknown` where it does not answer. */
async function askProvider(services: Services, call: Call): Promise<LineReport | null | 'unknown'> {
  const { telephony, log, database } = services;
  if (call.provider !== telephony.name || call.dialledAt === null) return null;
  const { id: callId, phone, attempt, providerCallId, dialledAt } = call;
  const siblings = await database.prisma.call.findMany({
    where: { phone, provider: call.provider, id: { not: callId }, providerCallId: { not: null } },
    orderBy: { queuedAt: 'desc' },
    take: 50,
    select: { providerCallId: true },
  });
  const others = siblings.map((sibling) => sibling.providerCallId as string);
  try {
    return await telephony.fetchReport({ callId, phone, attempt, language: '', providerCallId, dialledAt, others });
  } catch (error) {
    log.warn({ err: error, callId }, 'the provider does not say what became of a call; it is asked again');
    return 'unknown';
  }
}

const postpone = (services: Services, callId: string) =>
  changeCall(services, callId, async (change, deps, call) => {
    if (isActive(call.status)) await setDeadline(change, callId, nextQuestion(deps.now()));
  });

async function endLost(change: TransactionChange, deps: Deps, call: Call): Promise<void> {
  await endCall(change, deps, call, { status: 'FAILED', endedAt: deps.now(), error: LOST });
}

/** Ends a call that goes on for longer than one may, and returns whether it did; else gives it another deadline. */
async function endTooLong(change: TransactionChange, deps: Deps, call: Call): Promise<boolean> {
  if (!isActive(call.status)) return false;
  const now = deps.now();
  const startedAt = call.startedAt;
  if (startedAt && lastMomentOfTalk(deps, startedAt) <= now) {
    await endCall(change, deps, call, { status: 'COMPLETED', endedAt: now, error: TOO_LONG });
    return true;
  }
  await setDeadline(
    change,
    call.id,
    startedAt ? deadlineOfTalk(deps, startedAt, now) : deadlineAfter(deps, call.status, now),
  );
  return false;
}

async function setDeadline({ tx }: TransactionChange, id: string, deadlineAt: Date | null): Promise<void> {
  await tx.call.update({ where: { id }, data: { deadlineAt }, select: { id: true } });
}

/** Ends a call at the provider. That it could not be is logged: whatever the provider brings of it then is answered by hanging up. */
export async function hangUp(
  { telephony, log }: Pick<Services, 'telephony' | 'log'>,
  providerCallId: string,
): Promise<void> {
  await telephony
    .hangUp(providerCallId)
    .catch((error: unknown) => log.warn({ err: error, providerCallId }, 'a call could not be ended at the provider'));
}
