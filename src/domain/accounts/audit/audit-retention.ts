import { daysBefore, deleteSliceOf, type RetentionRule } from '#domain/core/retention.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { HASH_BYTES, signTrim } from './audit-hash.ts';

/** Audit entries are kept for AUDIT_KEEP_DAYS; sealed ones until the newest of their seal expires. */
export const auditRetention: RetentionRule = {
  rows: 'audit entries',
  async deleteSlice(change, now, { auditEntries }) {
    const before = daysBefore(now, auditEntries);
    const trimmed = await trimChain(change.tx, before);
    if (trimmed > 0) return { deleted: trimmed, more: true };
    // An UPDATE that locks the chain, so that no entry is sealed while it is being deleted.
    const [head] = await change.tx.$queryRaw<{ position: bigint }[]>`
      UPDATE audit_chain SET position = position RETURNING position`;
    const isUnsealed = Prisma.sql`(position IS NULL OR position > ${head?.position ?? 0n})`;
    return deleteSliceOf(change, 'audit_entries', Prisma.sql`at < ${before} AND ${isUnsealed}`);
  },
};

/** Deletes the oldest seal and its entries if all have expired, and signs the new beginning of the chain. */
async function trimChain(tx: Tx, before: Date): Promise<number> {
  await tx.$queryRaw`SELECT id FROM audit_chain FOR UPDATE`;
  const seal = await tx.auditSeal.findFirst({ orderBy: { lastPosition: 'asc' } });
  if (!seal || seal.newestAt >= before) return 0;
  const { count } = await tx.auditEntry.deleteMany({ where: { position: { lte: seal.lastPosition } } });
  await tx.auditSeal.delete({ where: { lastPosition: seal.lastPosition } });
  const trimmedHash = new Uint8Array(seal.hashes.subarray(-HASH_BYTES));
  const { value: key } = await tx.serverSetting.findUniqueOrThrow({ where: { name: AUDIT_KEY } });
  const trimSignature = new Uint8Array(signTrim(key, seal.lastPosition, trimmedHash));
  await tx.auditChain.updateMany({ data: { trimmedPosition: seal.lastPosition, trimmedHash, trimSignature } });
  return Math.max(1, count);
}

/** The name of the secret that signs trimmed chains. */
export const AUDIT_KEY = 'audit-chain';
