import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { ChangeType } from '#generated/prisma/enums.ts';

/**
 * A place in the changes of a user: behind all of a revision where `type` and `id` are null, else behind that change of it.
 * What came before was complete at `completeAt`.
 */
export type ChangePosition = { number: string; type: ChangeType | null; id: string | null; completeAt: Date };

/** The name under which cursors are signed. */
const LIST = 'changes';
const DAY_MS = 86_400_000;
/** A cursor ends so long before what it would miss is forgotten. */
const MARGIN_DAYS = 1;

/** Returns when a cursor of a position ends: soon after, deletions that it has not seen are forgotten. */
export function cursorExpiresAt({ changes }: Pick<Deps, 'changes'>, { completeAt }: ChangePosition): Date {
  return new Date(completeAt.getTime() + (changes.keepDays - MARGIN_DAYS) * DAY_MS);
}

/** Returns the cursor of a position in the changes of these types, null for all, of the actor's. */
export function writeChangeCursor(
  { cursors, changes, actor }: Deps,
  { number, type, id, completeAt }: ChangePosition,
  types: readonly ChangeType[] | null,
): string {
  return cursors.write(LIST, [
    changes.epoch,
    actor.userId,
    types?.join(' ') ?? null,
    number,
    type,
    id,
    completeAt.getTime(),
  ]);
}

/**
 * Returns the position of a cursor; null where it has ended, or the database was restored since. Throws BadUserInput for
 * anything else that is no cursor of the actor's for all of these types.
 */
export function readChangeCursor(
  deps: Deps,
  cursor: string,
  types: readonly ChangeType[] | null,
): ChangePosition | null {
  const [epoch, userId, typesKey, number, type, id, completeAt] = deps.cursors.read(LIST, cursor, 'after');
  if (userId !== deps.actor.userId)
    throw new BadUserInput('after', "This is another user's cursor; take `changeCursor` from `viewer`.");
  if (typesKey !== null && !(types && isSubset(types, String(typesKey).split(' '))))
    throw new BadUserInput('after', 'This cursor is of other types; give the `types` that it was made with.');
  const position = { number, type, id, completeAt: new Date(Number(completeAt)) } as ChangePosition;
  return epoch === deps.changes.epoch && deps.now() < cursorExpiresAt(deps, position) ? position : null;
}

function isSubset(types: readonly string[], of: readonly string[]): boolean {
  return types.every((type) => of.includes(type));
}
