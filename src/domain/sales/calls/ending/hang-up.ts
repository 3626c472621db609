import type { LineStatus } from '#adapters/telephony/telephony.ts';
import type { Services } from '#domain/core/deps.ts';
import { lastMomentOfRinging, lastMomentOfTalk } from '#domain/sales/calls/deadlines.ts';
import type { Call } from '#generated/prisma/client.ts';
import { askProvider } from './ask-provider.ts';

/** A call that is over here, but may go on at its provider. */
type LeftCall = Pick<Call, 'id' | 'providerCallId'>;

/** Ends calls at their provider, including calls in its queue. */
export async function hangUpAll(services: Services, calls: readonly LeftCall[]): Promise<void> {
  await Promise.all(calls.map((call) => hangUp(services, call)));
}

/** Ends a call at its provider. If that fails, or the provider's id is not known yet, `hangUpAt` stays set for the deadline watcher. */
export async function hangUp(services: Services, { id, providerCallId }: LeftCall): Promise<void> {
  if (providerCallId === null) return;
  try {
    await services.telephony.hangUp(providerCallId);
    await forgetHangUp(services, id);
  } catch (error) {
    services.log.warn({ err: error, providerCallId }, 'a call could not be ended at the provider; it is tried again');
  }
}

const UNDER_WAY: readonly LineStatus[] = ['QUEUED', 'RINGING', 'IN_PROGRESS'];

/** Whether a call goes on according to its provider. */
export const isUnderWay = (status: LineStatus): boolean => UNDER_WAY.includes(status);

/**
 * Retries ending a call at its provider, after asking for its state: until it is over there, or has to be by the time limits that it was
 * created with.
 */
export async function hangUpAgain(services: Services, call: Call): Promise<void> {
  const report = await askProvider(services, call);
  if (report === 'unknown' && services.now() < lastMomentOf(services, call)) return;
  const goesOn = report !== null && report !== 'unknown' && isUnderWay(report.status);
  if (goesOn) await hangUp(services, { id: call.id, providerCallId: report.providerCallId });
  else await forgetHangUp(services, call.id);
}

const lastMomentOf = (services: Services, { endedAt, queuedAt }: Call): Date =>
  lastMomentOfTalk(services, lastMomentOfRinging(services, endedAt ?? queuedAt));

async function forgetHangUp({ database }: Services, id: string): Promise<void> {
  await database.prisma.call.updateMany({ where: { id, hangUpAt: { not: null } }, data: { hangUpAt: null } });
}
