import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#adapters/database/database.ts';
import { isOutage } from '#adapters/database/outages.ts';
import type { Logger } from '#adapters/log.ts';
import type { Model } from '#adapters/model/model.ts';

/** How often a process whose circuit is not closed publishes that again. */
const PUBLISH_INTERVAL_MS = 10_000;
/** A row that was not published again for so long, three intervals, is of a process that has died. */
const STALE_AFTER_SECONDS = 30;

/**
 * Publishes the state of the model's circuit in this process to all processes, in a row of `model_circuits` that is
 * there for as long as the circuit is not closed. Returns how to stop, which removes the row.
 */
export function publishCircuitState(database: Database, model: Model, log: Logger): () => Promise<void> {
  const workerId = uuidv7();
  let publishing = Promise.resolve();
  let published = false;
  const publish = (state = model.circuit.state()) => {
    if (state === 'closed' && !published) return;
    published = state !== 'closed';
    publishing = publishing
      .then(() => (state === 'closed' ? remove(database, workerId) : upsert(database, workerId, state)))
      .catch((error: unknown) => {
        published = true;
        if (!isOutage(error)) log.warn({ err: error }, 'cannot publish the circuit of the model');
      });
  };
  model.circuit.onChange(() => publish());
  const timer = setInterval(publish, PUBLISH_INTERVAL_MS).unref();
  return async () => {
    clearInterval(timer);
    publish('closed');
    await publishing;
  };
}

async function upsert({ pool }: Database, workerId: string, state: string): Promise<void> {
  await pool.query(
    `INSERT INTO model_circuits (worker_id, state) VALUES ($1, $2)
     ON CONFLICT (worker_id) DO UPDATE SET seen_at = now(), state = EXCLUDED.state,
       since = CASE WHEN model_circuits.state = EXCLUDED.state THEN model_circuits.since ELSE now() END`,
    [workerId, state],
  );
}

async function remove({ pool }: Database, workerId: string): Promise<void> {
  await pool.query(`DELETE FROM model_circuits WHERE worker_id = $1 OR seen_at < now() - interval '1 day'`, [workerId]);
}

/**
 * Returns the circuit of all processes that is worst, the oldest among open ones; null where each of them is closed.
 */
export async function findWorstCircuit({ pool }: Database): Promise<{ state: string; since: Date } | null> {
  const { rows } = await pool.query<{ state: string; since: Date }>(
    `SELECT state, since FROM model_circuits WHERE seen_at > now() - interval '${STALE_AFTER_SECONDS} seconds'
     ORDER BY state = 'open' DESC, since LIMIT 1`,
  );
  return rows[0] ?? null;
}
