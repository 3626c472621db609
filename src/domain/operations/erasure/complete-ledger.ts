import type pg from 'pg';
import type { BackupSettings } from '#domain/core/deps.ts';
import { readLedger, recordErasure } from './erasure-ledger.ts';

/** Whom the audit calls erased, and who is gone: a request that was never carried out is none. */
const ERASED = `SELECT DISTINCT subject_id AS id FROM audit_entries
  WHERE action = 'user.erase' AND subject_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM users WHERE users.id = audit_entries.subject_id)`;

/**
 * Adds to the ledger whoever was erased by what the audit says and is not in it, as where BACKUP_DIR went with a container: else a
 * restore would bring them back. The audit knows those of AUDIT_KEEP_DAYS. Returns how many were added.
 */
export async function completeLedger(
  database: Pick<pg.ClientBase, 'query'>,
  settings: Pick<BackupSettings, 'directory'>,
  now: Date,
): Promise<number> {
  const { rows } = await database.query<{ id: string }>(ERASED);
  if (rows.length === 0) return 0;
  const recorded = new Set(await readLedger(settings));
  const missing = rows.filter(({ id }) => !recorded.has(id));
  for (const { id } of missing) await recordErasure(settings, id, now);
  return missing.length;
}
