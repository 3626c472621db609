import type { Deps } from '#domain/core/deps.ts';
import type { Corpus } from './corpus.ts';

/** The part of a row's text that a snippet is chosen from: all of it where it is short, else whole words of it. */
export type Excerpt = {
  id: string;
  text: string;
  /** Whether the row's text has more before it. */
  isCutBefore: boolean;
  /** Whether the row's text has more after it. */
  isCutAfter: boolean;
};

/** Characters of an excerpt: a hundred of them are 200,000, where as many messages may have 20 million. */
export const EXCERPT_LENGTH = 2_000;

/** Characters of an excerpt before the word that it is cut around. */
const LEAD = 500;

/** Characters of a text that the word is looked for in: a message has no more, a segment of a transcript may. */
const MAX_READ = 200_000;

/**
 * Characters of all the texts that words are looked for in, so that the database is not kept for seconds: those of the first ids
 * count first. Spelling 80,000 Hebrew letters takes it 15 ms.
 */
const MAX_READ_OF_ALL = 2_000_000;

/**
 * Reads excerpts of the owner's rows, cut by the database around the first place of the first lexeme that is there at all: so give
 * the rarest first. The place is found in the normal spelling, and carried over by proportion, as that is about as long as the
 * text; where no lexeme is found, the beginning is read. Rows that are gone are left out.
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

/** A SELECT of the place of the first lexeme in the text; of no row where none is there. */
const PLACE = `SELECT (place::float8 * least(size, ${MAX_READ}) / length(normal))::int
  FROM (SELECT search_normal(left(text, ${MAX_READ})) AS normal OFFSET 0) AS n,
    unnest($3::text[]) WITH ORDINALITY AS l(lexeme, at),
    LATERAL (SELECT strpos(' ' || normal, ' ' || lexeme) AS place OFFSET 0) AS p
  WHERE place > 0 ORDER BY at LIMIT 1`;

/** English stems end in `i` where the word has `y`, as in `happi`. */
const stripChangedEnding = (lexeme: string) => (/^[a-z]{3,}i$/.test(lexeme) ? lexeme.slice(0, -1) : lexeme);

/** Leaves out the words that were cut through; of a text without spaces nothing. */
function keepWholeWords({ text, ...excerpt }: Excerpt): Excerpt {
  const from = excerpt.isCutBefore ? text.indexOf(' ') + 1 : 0;
  const to = excerpt.isCutAfter ? text.lastIndexOf(' ') : text.length;
  return { ...excerpt, text: text.slice(from, to > from ? to : text.length) };
}
