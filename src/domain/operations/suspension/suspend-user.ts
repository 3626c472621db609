import { assertNotLastAdmin } from '#domain/accounts/last-admin.ts';
import { API_KEYS_CHANNEL } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { checkText } from '#domain/core/validation.ts';
import { explainInterruption, type Write, writeAndLoad } from '#domain/core/write.ts';
import type { User } from '#generated/prisma/client.ts';
import { stopWork } from './stop-work.ts';

/** Whom to suspend, or whose suspension to lift, and why. */
export type UserToSuspend = WithIdempotencyKey & { userId: string; reason: string };

/** The maximum length of a reason, in UTF-16 units. */
export const MAX_REASON_LENGTH = 500;

/**
 * Suspends a user: all keys are refused from the commit on, live connections end soon after, open jobs fail, campaigns are paused and
 * unanswered calls are cancelled. Deletes nothing. A user who is suspended already keeps the first reason. Safe to repeat with the same
 * idempotency key, which stops what an interrupted request has left. Throws BadUserInput, NotFound, Conflict (oneself, or the last ADMIN),
 * IdempotencyConflict, Unavailable.
 */
export async function suspendUser(deps: Deps, input: UserToSuspend): Promise<User> {
  const user = await changeSuspension(deps, 'user.suspend', input, async ({ tx }, userId, reason) => {
    if (userId === deps.actor.userId) throw new Conflict('You cannot suspend yourself; another ADMIN can.');
    await assertNotLastAdmin(tx, userId);
    const data = { suspendedAt: deps.now(), suspendedReason: reason };
    return tx.user.updateMany({ where: { id: userId, suspendedAt: null }, data });
  });
  if (user.suspendedAt) await stopWork(deps, user, 'unanswered calls').catch(explainInterruption);
  return user;
}

/**
 * Lifts the suspension of a user: all keys work again that are still valid. Jobs that failed can be retried, and campaigns resumed. Safe to
 * repeat with the same idempotency key. Throws BadUserInput, NotFound, IdempotencyConflict.
 */
export function unsuspendUser(deps: Deps, input: UserToSuspend): Promise<User> {
  return changeSuspension(deps, 'user.unsuspend', input, ({ tx }, userId) =>
    tx.user.updateMany({
      where: { id: userId, suspendedAt: { not: null } },
      data: { suspendedAt: null, suspendedReason: null },
    }),
  );
}

/** Runs a change of a user's suspension, and makes every process look at all keys again if it changed anything. */
function changeSuspension(
  deps: Deps,
  action: string,
  { idempotencyKey, ...input }: UserToSuspend,
  run: (change: Write, userId: string, reason: string) => Promise<{ count: number }>,
): Promise<User> {
  const { userId: id } = input;
  const reason = checkText('input.reason', input.reason, { max: MAX_REASON_LENGTH });
  return writeAndLoad(deps, {
    action,
    once: { key: idempotencyKey, input },
    async run(change) {
      const { count } = await run(change, id, reason);
      if (!(await lockRow(change.tx, 'users', id))) throw new NotFound('user');
      if (count === 0) return;
      change.about({ type: 'User', id }, { reason });
      change.revise(id);
      change.publish(API_KEYS_CHANNEL);
    },
    what: 'user',
    load: (_, tx) => tx.user.findUnique({ where: { id } }),
  });
}
