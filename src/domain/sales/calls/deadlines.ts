import type { Deps } from '#domain/core/deps.ts';
import type { CallStatus } from '#generated/prisma/enums.ts';

/** How many seconds late a provider's report may be before the provider is asked. */
const GRACE_SECONDS = 30;
/** How many seconds a call may be queued before it is checked. */
const QUEUED_SECONDS = 600;
/** How many seconds a call in progress may be silent: as long as a long sentence from each side. */
const TURN_SECONDS = 60;

type Bounds = Pick<Deps, 'calling'>;

/** Returns when a call that has had a status since a moment is checked again; null if it is over. */
export function deadlineAfter(deps: Bounds, status: CallStatus, since: Date): Date | null {
  if (status === 'QUEUED') return later(since, QUEUED_SECONDS);
  if (status === 'DIALING' || status === 'RINGING') return lastMomentOfRinging(deps, since);
  return status === 'IN_PROGRESS' ? deadlineOfTalk(deps, since, since) : null;
}

/** Returns when a phone has stopped ringing for a call that is dialled at a moment. Ringing begins some seconds after dialling. */
export const lastMomentOfRinging = ({ calling }: Bounds, dialledAt: Date): Date =>
  later(dialledAt, calling.ringSeconds + GRACE_SECONDS);

/** Returns when an answered call is checked if nothing is heard of it from now on. */
export function deadlineOfTalk(deps: Bounds, startedAt: Date, now: Date): Date {
  const [turn, end] = [later(now, TURN_SECONDS), lastMomentOfTalk(deps, startedAt)];
  return turn < end ? turn : end;
}

/** Returns when an answered call has to be over. */
export const lastMomentOfTalk = ({ calling }: Bounds, startedAt: Date): Date =>
  later(startedAt, calling.maxSeconds + GRACE_SECONDS);

/** Returns when to ask a provider again that did not answer. */
export const nextQuestion = (now: Date): Date => later(now, GRACE_SECONDS);

const later = (date: Date, seconds: number): Date => new Date(date.getTime() + seconds * 1000);
