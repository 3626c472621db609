import type { Deps } from '#domain/core/deps.ts';
import { DomainError } from '#domain/core/errors.ts';
import { findFreeTimes, type Participants } from './free-times.ts';

/** How many alternative times are offered. */
const OTHER_TIMES = 3;

/** Another meeting of the owner is at that time. `freeTimes` are the next free times, in UTC. */
class SlotTaken extends DomainError {
  constructor(freeTimes: readonly Date[]) {
    super('SLOT_TAKEN', 'Another meeting of yours is at that time; take one of `freeTimes`.', {
      freeTimes: freeTimes.map((time) => time.toISOString()),
    });
  }
}

/** Thrown within the transaction of a write whose time is taken, to roll it back. */
class TimeTaken extends Error {
  override name = 'TimeTaken';
}

/** Rolls back a write whose time is taken. */
export function abandonTakenTime(): never {
  throw new TimeTaken();
}

/** Runs a write; if its time is taken, throws SlotTaken with the next free times. */
export async function explainTakenTime<Result>(
  deps: Deps,
  run: () => Promise<Result>,
  describe: () => Promise<Participants & { startsAt: Date; durationMs: number; moved?: string }>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof TimeTaken)) throw error;
    const { startsAt, durationMs, moved = null, ...participants } = await describe();
    const from = new Date(Math.max(startsAt.getTime(), deps.now().getTime()));
    const request = { from, durationMs, count: OTHER_TIMES, moved };
    throw new SlotTaken(await findFreeTimes(deps.database.prisma, deps, participants, request));
  }
}
