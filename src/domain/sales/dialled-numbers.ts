import { daysBefore, deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { type Call, Prisma } from '#generated/prisma/client.ts';
import { type Hashing, hashPhone } from './phones/hash-phone.ts';

/** Days for which it is known when a number was dialled: as long as CALL_RETRY_HOURS can be. */
const DIALLED_KEEP_DAYS = 30;

/** Records that a number is dialled, so that deleting its lead and making it anew is no way to call it more often. */
export async function recordDialled(
  tx: Tx,
  deps: Hashing,
  { id: callId, ownerId, phone }: Pick<Call, 'id' | 'ownerId' | 'phone'>,
  dialledAt: Date,
): Promise<void> {
  const data = { callId, ownerId, phoneHash: hashPhone(deps, ownerId, phone), dialledAt };
  await tx.dialledNumber.create({ data, select: { callId: true } });
}

/** Takes the record back, of a call that the provider has not made. */
export async function forgetDialled(tx: Tx, callId: string): Promise<void> {
  await tx.dialledNumber.deleteMany({ where: { callId } });
}

/** Numbers that were dialled are known for DIALLED_KEEP_DAYS. */
export const dialledNumberRetention: RetentionRule = {
  rows: 'dialled numbers',
  deleteSlice: (change, now) =>
    deleteSliceOf(change, 'dialled_numbers', Prisma.sql`dialled_at < ${daysBefore(now, DIALLED_KEEP_DAYS)}`),
};
