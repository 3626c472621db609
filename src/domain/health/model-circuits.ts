import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#adapters/database/database.ts';
import { isOutage } from '#adapters/database/outages.ts';
import type { Logger } from '#adapters/log.ts';
import type { Model } from '#adapters/model/model.ts';

/** A process that leaves the model alone says so this often, */
const TELL_EVERY_MS = 10_000;
/** and has died when nothing was heard of it for so long. */
const SILENT_SECONDS = 30;

/** Tells other processes of the model's circuit in this one for as long as it is not closed. Returns how to stop. */
export function publishCircuitState(database: Database, model: Model, log: Logger): () => Promise<void> {
  const workerId = uuidv7();
  let telling = Promise.resolve();
  let told = false;
  const tell = (state = model.circuit.state()) => {
    if (state === 'closed' && !told) return;
    told = state !== 'closed';
    telling = telling
      .then(() => (state === 'closed' ? forget(database, workerId) : write(database, workerId, state)))
      .catch((error: unknown) => {
        told = true;
        if (!isOutage(error)) log.warn({ err: error }, 'cannot tell of the circuit of the model');
      });
  };
  model.circuit.onChange(() => tell());
  const timer = setInterval(tell, TELL_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    tell('closed');
    await telling;
  };
}

async function write({ pool }: Database, workerId: string, state: string): Promise<void> {
  await pool.query(
    `INSERT INTO model_circuits (worker_id, state) VALUES ($1, $2)
     ON CONFLICT (worker_id) DO UPDATE SET seen_at = now(), state = EXCLUDED.state,
       since = CASE WHEN model_circuits.state = EXCLUDED.state THEN model_circuits.since ELSE now() END`,
    [workerId, state],
  );
}

async function forget({ pool }: Database, workerId: string): Promise<void> {
  await pool.query(`DELETE FROM model_circuits WHERE worker_id = $1 OR seen_at < now() - interval '1 day'`, [workerId]);
}

/** The least well circuit of all processes; null where each of them is closed. */
export async function troubledCircuit({ pool }: Database): Promise<{ state: string; since: Date } | null> {
  const { rows } = await pool.query<{ state: string; since: Date }>(
    `SELECT state, since FROM model_circuits WHERE seen_at > now() - interval '${SILENT_SECONDS} seconds'
     ORDER BY state = 'open' DESC, since LIMIT 1`,
  );
  return rows[0] ?? null;
}
