import { changesChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { nextTurn } from '#domain/core/time-slices.ts';
import { checkWholeNumber } from '#domain/core/validation.ts';
import { watchChannels } from '#domain/live/watch-channels.ts';
import type { ChangeType } from '#generated/prisma/enums.ts';
import { type ChangePosition, cursorExpiresAt, readChangeCursor, writeChangeCursor } from './change-cursor.ts';

/** The latest change of an entity of the viewer. */
export type EntityChange = { type: ChangeType; id: string; deleted: boolean };

/** Changes after a position. */
export type ChangeBatch = {
  changes: readonly EntityChange[];
  /** The position from which to continue. */
  cursor: string;
  /** Whether there were no more changes at the time of reading. */
  upToDate: boolean;
  /** Whether the cursor had expired, so that changes before these are missing. */
  reset: boolean;
  cursorExpiresAt: Date;
};

/** Which changes to read: at most `first` after a position, of these types, or of all if null. Without a position, none are read. */
export type ChangesRequest = { after: ChangePosition | null; types: readonly ChangeType[] | null; first: number };

/** The changes that were read, and the position after them. */
export type ChangesRead = { changes: readonly EntityChange[]; next: ChangePosition; upToDate: boolean };

export type ReadChanges = (request: ChangesRequest) => Promise<ChangesRead>;

export type ChangesArgs = { after?: string | null | undefined; types?: readonly ChangeType[] | null | undefined };

/** The maximum size of a batch. */
export const MAX_CHANGES = 100;
/** The maximum size of a batch in a subscription, where most batches have one change: the query cost should not be that of a hundred. */
export const MAX_LIVE_CHANGES = 20;

/** Returns the changes after a cursor. After an expired cursor, returns none, and a cursor to continue with. Throws BadUserInput. */
export async function readChanges(
  deps: Deps,
  { after, types, first }: ChangesArgs & { after: string; first: number },
  read: ReadChanges,
): Promise<ChangeBatch> {
  checkWholeNumber('first', first, { min: 1, max: MAX_CHANGES });
  const wanted = distinct(types);
  const position = readChangeCursor(deps, after, wanted);
  return toBatch(deps, wanted, await read({ after: position, types: wanted, first }), position === null);
}

/** Returns the cursor after everything that has changed so far. */
export async function currentChangeCursor(deps: Deps, read: ReadChanges): Promise<string> {
  return toBatch(deps, null, await read({ after: null, types: null, first: 1 }), false).cursor;
}

/**
 * Follows the changes after a cursor, or from now on: yields a first batch with the position, then one whenever something changes. A slow
 * reader skips intermediate states, but never the latest. Throws BadUserInput.
 */
export function followChanges(
  deps: Deps,
  { after, types }: ChangesArgs,
  read: ReadChanges,
): AsyncGenerator<ChangeBatch> {
  const wanted = distinct(types);
  let position = after == null ? null : readChangeCursor(deps, after, wanted);
  const reset = after != null && position === null;
  return watchChannels(deps.pubsub, [changesChannel(deps.actor.userId)], async function* (watch) {
    for (let isFirst = true; ; isFirst = false) {
      const found = await watch.read(() => read({ after: position, types: wanted, first: MAX_LIVE_CHANGES }));
      if (!found) return;
      position = found.next;
      // If many subscribers are behind, each takes a turn of the event loop: all batches at once would block it for long.
      if (found.changes.length > 1) await nextTurn();
      if (isFirst || found.changes.length > 0) yield toBatch(deps, wanted, found, isFirst && reset);
      if (found.upToDate && !(await watch.woken())) return;
    }
  });
}

/** Removes duplicates, because the types are part of every cursor. */
const distinct = (types: ChangesArgs['types']) => (types ? [...new Set(types)].sort() : null);

function toBatch(
  deps: Deps,
  types: readonly ChangeType[] | null,
  { changes, next, upToDate }: ChangesRead,
  reset: boolean,
): ChangeBatch {
  const cursor = writeChangeCursor(deps, next, types);
  return { changes, cursor, upToDate, reset, cursorExpiresAt: cursorExpiresAt(deps, next) };
}
