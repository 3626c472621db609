import type { Deps } from '#domain/core/deps.ts';
import type { Corpus } from './corpus.ts';

/** The part of a row's text from which a snippet is chosen: the whole text if it is short, else whole words of it. */
export type Excerpt = {
  id: string;
  text: string;
  /** Whether the row's text continues before the excerpt. */
  isCutBefore: boolean;
  /** Whether the row's text continues after the excerpt. */
  isCutAfter: boolean;
};

/** The length of an excerpt in characters. A hundred excerpts are 200,000 characters, while a hundred messages may have 20 million. */
export const EXCERPT_LENGTH = 2_000;

/** How many characters of an excerpt come before the word that it is cut around. */
const LEAD = 500;

/** How many characters of a text are searched for the word. No message is longer; a transcript segment may be. */
const MAX_READ = 200_000;

/**
 * How many characters of all texts together are searched for words, so that the query cannot take seconds. The first ids have priority.
 * Normalizing 80,000 Hebrew letters takes the database 15 ms.
 */
const MAX_READ_OF_ALL = 2_000_000;

/**
 * Reads excerpts of the owner's rows. The database cuts them around the first occurrence of the first lexeme that the text has, so pass the
 * rarest lexeme first. The position is found in the normalized text, which is about as long as the text itself, and scaled accordingly. If
 * no lexeme is found, the excerpt is the beginning. Deleted rows are omitted.
 */
export async function readExcerpts(
  { database, actor }: Deps,
  { table, text }: Corpus,
  ids: readonly string[],
  lexemes: readonly string[],
): Promise<Excerpt[]> {
  const rows = await database.sql<Excerpt>(
    `SELECT id AS "id", substr(text, start, ${EXCERPT_LENGTH}) AS "text", start > 1 AS "isCutBefore",
       start + ${EXCERPT_LENGTH} <= size AS "isCutAfter"
     FROM (SELECT d.*, sum(least(size, ${MAX_READ})) OVER (ORDER BY rank) AS read FROM (
       SELECT d.id, d.${text} AS text, length(d.${text}) AS size, i.rank
       FROM unnest($1::uuid[]) WITH ORDINALITY AS i(id, rank) JOIN ${table} d USING (id) WHERE d.owner_id = $2::uuid
     ) AS d) AS d
     CROSS JOIN LATERAL (SELECT CASE WHEN size <= ${EXCERPT_LENGTH} OR read > ${MAX_READ_OF_ALL} THEN 1
       ELSE greatest(1, least(size - ${EXCERPT_LENGTH} + 1, coalesce((${PLACE}), 0) - ${LEAD})) END AS start) AS s`,
    [ids, actor.userId, lexemes.map(stripChangedEnding)],
  );
  return rows.map(keepWholeWords);
}

/** A SELECT of the position of the first lexeme that the text has; no row if it has none. */
const PLACE = `SELECT (place::float8 * least(size, ${MAX_READ}) / length(normal))::int
  FROM (SELECT search_normal(left(text, ${MAX_READ})) AS normal OFFSET 0) AS n,
    unnest($3::text[]) WITH ORDINALITY AS l(lexeme, at),
    LATERAL (SELECT strpos(' ' || normal, ' ' || lexeme) AS place OFFSET 0) AS p
  WHERE place > 0 ORDER BY at LIMIT 1`;

/** English stems end in `i` where the word has `y`, such as `happi`. */
const stripChangedEnding = (lexeme: string) => (/^[a-z]{3,}i$/.test(lexeme) ? lexeme.slice(0, -1) : lexeme);

/** Removes the words that were cut through; a text without spaces is kept whole. */
function keepWholeWords({ text, ...excerpt }: Excerpt): Excerpt {
  const from = excerpt.isCutBefore ? text.indexOf(' ') + 1 : 0;
  const to = excerpt.isCutAfter ? text.lastIndexOf(' ') : text.length;
  return { ...excerpt, text: text.slice(from, to > from ? to : text.length) };
}
