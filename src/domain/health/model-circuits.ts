import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#adapters/database/database.ts';
import { isOutage } from '#adapters/database/outages.ts';
import type { Logger } from '#adapters/log.ts';
import type { Model } from '#adapters/model/model.ts';

/** A process that leaves the model alone says so this often, */
const PUBLISH_INTERVAL_MS = 10_000;
/** and has died when nothing was heard of it for so long. */
const STALE_AFTER_SECONDS = 30;

/** Tells other processes of the model's circuit in this one for as long as it is not closed. Returns how to stop. */
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
        if (!isOutage(error)) log.warn({ err: error }, 'cannot tell of the circuit of the model');
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

/** The least well circuit of all processes; null where each of them is closed. */
export async function findWorstCircuit({ pool }: Database): Promise<{ state: string; since: Date } | null> {
  const { rows } = await pool.query<{ state: string; since: Date }>(
    `SELECT state, since FROM model_circuits WHERE seen_at > now() - interval '${STALE_AFTER_SECONDS} seconds'
     ORDER BY state = 'open' DESC, since LIMIT 1`,
  );
  return rows[0] ?? null;
}
