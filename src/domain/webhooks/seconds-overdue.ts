import type { Services } from '#domain/core/deps.ts';

/** Returns for how many seconds the delivery that is due first has been due; 0 if none is. */
export async function secondsOverdue({ database }: Services): Promise<number> {
  const [row] = await database.sql<{ seconds: number }>(
    `SELECT greatest(0, extract(epoch FROM now() - min(next_attempt_at)))::float8 AS seconds
     FROM webhook_deliveries WHERE next_attempt_at IS NOT NULL`,
  );
  return row?.seconds ?? 0;
}
