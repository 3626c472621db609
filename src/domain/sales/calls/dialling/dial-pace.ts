import type { Deps } from '#domain/core/deps.ts';

/**
 * Reserves the next dialling slot, and returns how many milliseconds away it is. All processes use one row and the database's clock.
 * Otherwise the provider would queue calls itself, and they would ring when nobody wants them any more.
 */
export async function reserveDialTime({ database, telephony, calling }: Deps): Promise<number> {
  const [row] = await database.sql<{ wait: number }>(
    `INSERT INTO dial_pace AS p (provider, next_at) VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond')
     ON CONFLICT (provider) DO UPDATE SET next_at = greatest(p.next_at, clock_timestamp()) + $2 * interval '1 millisecond'
     RETURNING greatest(0, extract(epoch FROM next_at - clock_timestamp()) * 1000 - $2)::float8 AS wait`,
    [telephony.name, 1_000 / calling.callsPerSecond],
  );
  return row?.wait ?? 0;
}

/**
 * The same for a claimed call, at the moment it is requested from the provider. Claims wait for each other's locks at times and then
 * proceed together: at a limit of 4 a second, 7 calls were requested within one.
 */
export async function reserveCreationTime({ database, telephony, calling }: Deps): Promise<number> {
  const [row] = await database.sql<{ wait: number }>(
    `UPDATE dial_pace SET next_creation = greatest(next_creation, clock_timestamp()) + $2 * interval '1 millisecond'
     WHERE provider = $1
     RETURNING greatest(0, extract(epoch FROM next_creation - clock_timestamp()) * 1000 - $2)::float8 AS wait`,
    [telephony.name, 1_000 / calling.callsPerSecond],
  );
  return row?.wait ?? 0;
}
