import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import * as domain from '#domain/operations/backups/request-backup.ts';
import type { Backup } from '#generated/prisma/client.ts';
import type { Context } from './context.ts';

/** Returns the backups, the newest first. */
export const backups = (_root: unknown, _args: unknown, { deps }: Context) => domain.listBackupRows(deps);

/** Returns how many times smaller a backup is than what it holds. */
export const compressionRatio = ({ sizeBytes, uncompressedBytes }: Backup) =>
  sizeBytes > 0n ? Number(uncompressedBytes) / Number(sizeBytes) : null;

type Input = WithIdempotencyKey & { verify: boolean };

/** Returns the job that takes a backup. */
export async function createBackup(_root: unknown, { input }: { input: Input }, { deps }: Context) {
  return { job: await domain.requestBackup(deps, input) };
}
