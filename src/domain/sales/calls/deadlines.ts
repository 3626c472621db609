import type { Deps } from '#domain/core/deps.ts';
import type { CallStatus } from '#generated/prisma/enums.ts';

/** How much later than it should a provider may tell of something before it is asked: seconds. */
const GRACE_SECONDS = 30;
/** How long a call may wait for its turn before it is looked at: seconds. */
const QUEUED_SECONDS = 600;
/** How long a call may be silent that is talked in: as long as a long sentence of ours and one of theirs. */
const TURN_SECONDS = 60;

type Bounds = Pick<Deps, 'calling'>;

/** Returns when a call that has been in a status since a moment is looked at again; null where it is over. */
export function deadlineAfter(deps: Bounds, status: CallStatus, since: Date): Date | null {
  if (status === 'QUEUED') return later(since, QUEUED_SECONDS);
  if (status === 'DIALING' || status === 'RINGING') return lastMomentOfRinging(deps, since);
  return status === 'IN_PROGRESS' ? deadlineOfTalk(deps, since, since) : null;
}

/** Returns when a phone does not ring any more of a call that is dialled at a moment: the ringing begins some seconds later. */
export const lastMomentOfRinging = ({ calling }: Bounds, dialledAt: Date): Date =>
  later(dialledAt, calling.ringSeconds + GRACE_SECONDS);

/** Returns when a call that was answered is looked at, if nothing is heard of it from now on. */
export function deadlineOfTalk(deps: Bounds, startedAt: Date, now: Date): Date {
  const [turn, end] = [later(now, TURN_SECONDS), lastMomentOfTalk(deps, startedAt)];
  return turn < end ? turn : end;
}

/** Returns when a call that was answered has to be over. */
export const lastMomentOfTalk = ({ calling }: Bounds, startedAt: Date): Date =>
  later(startedAt, calling.maxSeconds + GRACE_SECONDS);

/** Returns when a provider is asked again that did not answer. */
export const nextQuestion = (now: Date): Date => later(now, GRACE_SECONDS);

const later = (date: Date, seconds: number): Date => new Date(date.getTime() + seconds * 1000);
