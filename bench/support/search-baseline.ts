import type { Deps } from '#domain/core/deps.ts';
import type { Ask } from './search-set.ts';

type Table = { table: string; text: string; configuration: 'english' | 'simple'; limit: number };

/**
 * What PostgreSQL alone makes of a question: rows with any of its words, ranked by ts_rank_cd. It finds an answer where
 * there is any such row.
 */
export function baselineOver(deps: Deps, { table, text, configuration, limit }: Table): Ask {
  const statement = /* sql */ `
    SELECT d.id FROM ${table} d, to_tsvector('${configuration}', d.${text}) AS vector,
      CAST(replace(plainto_tsquery('${configuration}', $2)::text, ' & ', ' | ') AS tsquery) AS question
    WHERE d.owner_id = $1 AND vector @@ question ORDER BY ts_rank_cd(vector, question) DESC, d.id LIMIT ${limit}`;
  return async (question) => {
    const rows = await deps.database.sql<{ id: string }>(statement, [deps.actor.userId, question]);
    return { ids: rows.map(({ id }) => id), found: rows.length > 0 };
  };
}
