import type { Services } from '#domain/core/deps.ts';

/** Returns those of the keys of a store that no row has. */
export async function findOrphans({ database }: Pick<Services, 'database'>, keys: string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const rows = await database.sql<{ key: string }>(
    `SELECT k.key FROM unnest($1::text[]) AS k(key)
     WHERE NOT EXISTS (SELECT FROM media_files f WHERE f.storage_key = k.key)
       AND NOT EXISTS (SELECT FROM user_exports e WHERE e.storage_key = k.key)`,
    [keys],
  );
  return rows.map(({ key }) => key);
}
