import { changesChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { nextTurn } from '#domain/core/time-slices.ts';
import { checkWholeNumber } from '#domain/core/validation.ts';
import { watchChannels } from '#domain/live/watch-channels.ts';
import type { ChangeType } from '#generated/prisma/enums.ts';
import { type ChangePosition, cursorExpiresAt, readChangeCursor, writeChangeCursor } from './change-cursor.ts';

/** What has changed, in its newest state: something of the viewer's, by its own id. */
export type EntityChange = { type: ChangeType; id: string; deleted: boolean };

/** Changes that follow a position. */
export type ChangeBatch = {
  changes: readonly EntityChange[];
  /** Marks where the next begin. */
  cursor: string;
  /** Whether there were no more when they were read. */
  upToDate: boolean;
  /** Whether the position asked for had ended, so that changes are missing before these. */
  reset: boolean;
  cursorExpiresAt: Date;
};

/** Which changes to read: at most `first`, after a position, of these types, null for all. Without a position none. */
export type ChangesRequest = { after: ChangePosition | null; types: readonly ChangeType[] | null; first: number };

/** The changes that were read, and the position behind them. */
export type ChangesRead = { changes: readonly EntityChange[]; next: ChangePosition; upToDate: boolean };

/** How changes are read. */
export type ReadChanges = (request: ChangesRequest) => Promise<ChangesRead>;

/** What a client asks for. */
export type ChangesArgs = { after?: string | null | undefined; types?: readonly ChangeType[] | null | undefined };

/** Of one batch. */
export const MAX_CHANGES = 100;
/** Of one batch of a subscription, most of which have one: its document must not cost what a hundred would. */
export const MAX_LIVE_CHANGES = 20;

/** Returns the changes after a cursor; none, and where to go on, after one that has ended. Throws BadUserInput. */
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

/** Returns the cursor behind all that has changed by now. */
export async function currentChangeCursor(deps: Deps, read: ReadChanges): Promise<string> {
  return toBatch(deps, null, await read({ after: null, types: null, first: 1 }), false).cursor;
}

/**
 * Follows the changes after a cursor, or from now on: first a batch that says where that is, then one whenever something
 * changes. A slow reader skips states in between, never the newest. Throws BadUserInput.
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
      // Of many who are behind, each takes a turn of the event loop: all their batches at once would keep it for long.
      if (found.changes.length > 1) await nextTurn();
      if (isFirst || found.changes.length > 0) yield toBatch(deps, wanted, found, isFirst && reset);
      if (found.upToDate && !(await watch.woken())) return;
    }
  });
}

/** Each once: they stand in every cursor. */
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
