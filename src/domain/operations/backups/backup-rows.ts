import type { Tx } from '#domain/core/transaction.ts';
import { listBackups, type StoredBackup } from './backup-directory.ts';

/** Makes the rows of backups match the directory. A copy of a backup within the directory counts once. */
export async function storeBackupRows(tx: Tx, directory: string): Promise<void> {
  const rows = (await listBackups(directory)).map(rowOf);
  await tx.backup.deleteMany();
  await tx.backup.createMany({ data: rows, skipDuplicates: true });
}

function rowOf({ name, manifest: { id, createdAt, durationSeconds, data, verification } }: StoredBackup) {
  return {
    id,
    name,
    createdAt: new Date(createdAt),
    durationSeconds,
    sizeBytes: BigInt(data.sizeBytes),
    uncompressedBytes: BigInt(data.uncompressedBytes),
    verifiedAt: verification && new Date(verification.at),
    verified: verification?.held ?? null,
  };
}
