import type pg from 'pg';
import type { BackupSettings } from '#domain/core/deps.ts';
import { readLedger, recordErasure } from './erasure-ledger.ts';

/** Users who were erased according to the audit, and are gone. A request that was never carried out does not count. */
const ERASED = `SELECT DISTINCT subject_id AS id FROM audit_entries
  WHERE action = 'user.erase' AND subject_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM users WHERE users.id = audit_entries.subject_id)`;

/**
 * Adds users to the ledger who were erased according to the audit but are missing there, for example because BACKUP_DIR was lost with a
 * container. Otherwise a restore would bring them back. The audit only covers AUDIT_KEEP_DAYS. Returns how many were added.
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
