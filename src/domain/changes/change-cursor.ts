import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import type { ChangeType } from '#generated/prisma/enums.ts';

/**
 * A position in a user's changes: after a whole revision if `type` and `id` are null, else after that change within it. Everything before
 * it was complete at `completeAt`.
 */
export type ChangePosition = { number: string; type: ChangeType | null; id: string | null; completeAt: Date };

/** The list's name, which cursors are signed with. */
const LIST = 'changes';
const DAY_MS = 86_400_000;
/** How long a cursor expires before a deletion that it has not seen may be purged. */
const MARGIN_DAYS = 1;

/** Returns when a cursor expires: soon afterwards, deletions that it has not seen are purged. */
export function cursorExpiresAt({ changes }: Pick<Deps, 'changes'>, { completeAt }: ChangePosition): Date {
  return new Date(completeAt.getTime() + (changes.keepDays - MARGIN_DAYS) * DAY_MS);
}

/** Returns the cursor of a position in the actor's changes of these types; null for all types. */
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
 * Returns the position of a cursor; null if the cursor has expired, or the database was restored since. Throws BadUserInput for anything
 * else that is no cursor of the actor for all of these types.
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
