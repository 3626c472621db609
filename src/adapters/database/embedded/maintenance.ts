import type pg from 'pg';

/** Autovacuum's own rule with its default thresholds, see "Routine Vacuuming" in PostgreSQL's manual. */
const TABLES_IN_NEED = `
  SELECT format('%I.%I', schemaname, relname) AS table
  FROM pg_stat_user_tables
  WHERE n_dead_tup > 50 + 0.2 * n_live_tup OR n_ins_since_vacuum > 1000 + 0.2 * n_live_tup
     OR n_mod_since_analyze > 50 + 0.1 * n_live_tup`;

/**
 * Runs checkpoints, VACUUM and ANALYZE like PostgreSQL's background processes, of which PGlite has none: without checkpoints the
 * write-ahead log grew to 1.5 GB in a test, and would have kept growing. Other connections get their turn between its statements.
 */
export class Maintenance {
  readonly #client: pg.Client;
  #checkpointAt = '';

  constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Does nothing if nothing was written since the last run. */
  async run(): Promise<void> {
    if ((await this.#walPosition()) === this.#checkpointAt) return;
    for (const { table } of (await this.#client.query<{ table: string }>(TABLES_IN_NEED)).rows) {
      await this.#client.query(`VACUUM (ANALYZE) ${table}`);
    }
    await this.#client.query('CHECKPOINT');
    this.#checkpointAt = await this.#walPosition();
  }

  async #walPosition(): Promise<string> {
    const { rows } = await this.#client.query<{ position: string }>('SELECT pg_current_wal_lsn()::text AS position');
    return rows[0]?.position ?? '';
  }
}
