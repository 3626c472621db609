import type { Deps } from '#domain/core/deps.ts';

/**
 * Takes the next place in the order in which calls are dialled, and returns how many milliseconds it is away. All processes take
 * from one row, by the database's clock: the provider would otherwise keep a queue of its own, in which calls ring when nobody
 * wants them any more.
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
 * The same for a call that was claimed, at the moment at which its provider is asked. Claims wait for each other at times, and come out
 * of that together: of 4 a second, 7 were asked for in one.
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
