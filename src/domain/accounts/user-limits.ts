import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { User } from '#generated/prisma/client.ts';

/** The limits of one user; null for those of the installation, and omitted ones stay unchanged. */
export type UserLimits = WithIdempotencyKey & {
  userId: string;
  /** In bytes; 0 for a user who may store no files. */
  storageQuotaBytes?: number | null | undefined;
  pointsPerMinute?: number | null | undefined;
};

/** The maximum number of points per minute, as of RATE_LIMIT_POINTS. */
export const MAX_POINTS_PER_MINUTE = 2_000_000_000;

/**
 * Sets what one user may store and spend. What is stored already is kept. Safe to repeat with the same idempotency key. Throws
 * BadUserInput, NotFound, IdempotencyConflict.
 */
export function setUserLimits(deps: Deps, { idempotencyKey, ...input }: UserLimits): Promise<User> {
  const { userId: id, storageQuotaBytes, pointsPerMinute } = input;
  assertWithin('input.storageQuotaBytes', storageQuotaBytes, 0, Number.MAX_SAFE_INTEGER);
  assertWithin('input.pointsPerMinute', pointsPerMinute, 1, MAX_POINTS_PER_MINUTE);
  const columns = {
    ...(storageQuotaBytes === undefined ? {} : { storageQuotaBytes: bytesOf(storageQuotaBytes) }),
    ...(pointsPerMinute === undefined ? {} : { pointsPerMinute }),
  };
  return writeAndLoad(deps, {
    action: 'user.limit',
    once: { key: idempotencyKey, input },
    async run({ tx, about, revise }) {
      if (!(await lockRow(tx, 'users', id))) throw new NotFound('user');
      const data = pickChangedColumns(await tx.user.findUniqueOrThrow({ where: { id } }), columns);
      if (Object.keys(data).length === 0) return;
      await tx.user.update({ where: { id }, data });
      revise(id);
      about({ type: 'User', id }, { storageQuotaBytes, pointsPerMinute });
    },
    what: 'user',
    load: (_, tx) => tx.user.findUnique({ where: { id } }),
  });
}

const bytesOf = (bytes: number | null): bigint | null => (bytes === null ? null : BigInt(bytes));

function assertWithin(path: string, value: number | null | undefined, min: number, max: number): void {
  if (value === null || value === undefined || (value >= min && value <= max)) return;
  throw new BadUserInput(
    path,
    `This must be a number from ${min} to ${max}, or null for the limit of the installation.`,
  );
}
