import { daysBefore, deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { type Call, Prisma } from '#generated/prisma/client.ts';
import { type Hashing, hashPhone } from './phones/hash-phone.ts';

/** For how many days dialled numbers are kept: the maximum of CALL_RETRY_HOURS. */
const DIALLED_KEEP_DAYS = 30;

/** Records that a number was dialled, so that deleting and recreating its lead does not allow more calls. */
export async function recordDialled(
  tx: Tx,
  deps: Hashing,
  { id: callId, ownerId, phone }: Pick<Call, 'id' | 'ownerId' | 'phone'>,
  dialledAt: Date,
): Promise<void> {
  const data = { callId, ownerId, phoneHash: hashPhone(deps, ownerId, phone), dialledAt };
  await tx.dialledNumber.create({ data, select: { callId: true } });
}

/** Removes the record of a call that the provider has not made. */
export async function forgetDialled(tx: Tx, callId: string): Promise<void> {
  await tx.dialledNumber.deleteMany({ where: { callId } });
}

export const dialledNumberRetention: RetentionRule = {
  rows: 'dialled numbers',
  deleteSlice: (change, now) =>
    deleteSliceOf(change, 'dialled_numbers', Prisma.sql`dialled_at < ${daysBefore(now, DIALLED_KEEP_DAYS)}`),
};
