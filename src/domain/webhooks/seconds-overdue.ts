import type { Services } from '#domain/core/deps.ts';
import { PENDING } from './claim-deliveries.ts';

/**
 * Returns for how many seconds the delivery that is due first has been due; 0 if none is. Not of webhooks that fail, whose deliveries wait
 * for each other.
 */
export async function secondsOverdue({ database }: Services): Promise<number> {
  const [row] = await database.sql<{ seconds: number }>(OVERDUE);
  return row?.seconds ?? 0;
}

const OVERDUE = /* sql */ `WITH RECURSIVE ${PENDING}
SELECT greatest(0, extract(epoch FROM now() - min(p.next_attempt_at)))::float8 AS seconds
FROM pending p JOIN webhooks w ON w.id = p.webhook_id AND w.failing_since IS NULL`;
