import type { Deps } from '#domain/core/deps.ts';
import { STOP_WORDS } from '#domain/text/stop-words.ts';
import { type Corpus, placeholders, SAMPLE_SIZE } from './corpus.ts';
import { queryUnprepared } from './unprepared.ts';

/** A word of the query, with every spelling in rows that it stands for, and how much each counts: 1 as the stem does. */
export type Term = {
  word: string;
  lexemes: string[];
  weights: number[];
  /** The tsquery of its spellings. */
  query: string;
  /** In how many rows it is, where it is in too many to look at them all; else 0: they are counted. */
  expected: number;
};

export type Analysis = {
  terms: Term[];
  /** How many rows there are, about. */
  size: number;
  /** A tsquery: which rows are worth ranking. */
  source: string;
  /** Whether these are looked for in the whole index, or among the newest rows. */
  wholly: boolean;
};

/** More distinct words than this add time, not meaning: the first count. */
const MAX_TERMS = 32;
/** How many rows are ranked, about. Words are looked for from the rarest on while these last; commoner ones only count. */
const BUDGET = 800;

/** A little above the stem: whoever asks for "running" rather means rows that say "running". */
const EXACT = 1.15;
const PREFIXED = 0.85;
const INFLECTED = 0.75;
/** How alike, by trigrams, a word has to be to be meant; among short ones there are many that are alike by chance. */
const LIKE_SHORT = 0.5;
const LIKE_LONG = 0.4;

/** ה ו ב ל מ ש כ, and how they combine. */
const PREFIXES = 'ה ו ב ל מ ש כ וה וב ול ומ וש וכ שה שב של שמ שכ כש כשה מה לכש מש ושה ושב ושל ומה'.split(' ');

/** Of nouns, verbs and what belongs to somebody, in normal letters. What is left of a word has three letters at least. */
const ENDINGS = 'ה ת ות י ימ יימ יה ית ו נו ני כמ המ הנ תי תמ יו יכ'.split(' ');

/**
 * After the corpus' values: query, stop words, prefixes. A word that none of the owner's rows has in any form stands for
 * the most similar ones that they have, with the same first letter.
 */
function statementFor(corpus: Corpus): string {
  const { newest, visible, size } = corpus;
  const { query, stopWords, prefixes, endings } = placeholders(corpus, ['query', 'stopWords', 'prefixes', 'endings']);
  return /* sql */ `
WITH spoken AS (
  SELECT l.lexeme AS word, l.positions[1] AS position, (tsvector_to_array(to_tsvector('english', l.lexeme)))[1] AS stem
  FROM unnest(to_tsvector('simple', search_normal(${query}::text))) AS l
),
told AS (SELECT *, stem IS NOT NULL AND NOT word = ANY(${stopWords}::text[]) AS telling FROM spoken),
words AS MATERIALIZED (
  SELECT word, coalesce(stem, word) AS stem, position FROM told
  WHERE telling OR NOT EXISTS (SELECT FROM told WHERE telling)
  ORDER BY position LIMIT ${MAX_TERMS}
),
bases AS (
  SELECT word, word AS base FROM words WHERE word ~ '^[א-ת]{2,}$'
  UNION
  SELECT w.word, substr(w.word, length(p) + 1) FROM words w, unnest(${prefixes}::text[]) AS p
  WHERE w.word ~ '^[א-ת]{3,}$' AND starts_with(w.word, p) AND length(w.word) >= length(p) + 2
),
spellings AS (
  SELECT word, stem AS lexeme, 1::float8 AS weight FROM words
  UNION ALL SELECT word, word, ${EXACT} FROM words WHERE word <> stem
  UNION ALL SELECT b.word, p || b.base, ${PREFIXED} FROM bases b, unnest(ARRAY[''] || ${prefixes}::text[]) AS p WHERE p || b.base <> b.word
),
stems AS (
  SELECT DISTINCT b.word, left(b.base, length(b.base) - length(e)) AS stem FROM bases b, unnest(ARRAY[''] || ${endings}::text[]) AS e
  WHERE right(b.base, length(e)) = e AND length(b.base) - length(e) >= 3
),
inflected AS (
  SELECT DISTINCT s.word, k.word AS lexeme FROM stems s, unnest(ARRAY[''] || ${prefixes}::text[]) AS p, search_words k
  WHERE k.owner_id = $1::uuid AND k.word BETWEEN p || s.stem AND p || s.stem || 'תתת' AND starts_with(k.word, p || s.stem)
    AND substr(k.word, length(p || s.stem) + 1) = ANY(ARRAY[''] || ${endings}::text[])
),
forms AS MATERIALIZED (
  SELECT s.*, (SELECT true FROM search_words k WHERE k.owner_id = $1::uuid AND k.word = s.lexeme LIMIT 1) AS known FROM spellings s
),
unknown AS (
  SELECT word FROM forms WHERE length(word) >= 4 AND ascii(word) NOT BETWEEN 48 AND 57
  GROUP BY word HAVING NOT coalesce(bool_or(known), false)
),
variants AS (
  SELECT word, lexeme, weight FROM forms WHERE known OR weight <> ${PREFIXED}
  UNION ALL SELECT i.word, i.lexeme, ${INFLECTED} FROM inflected i
    WHERE NOT EXISTS (SELECT FROM forms f WHERE f.word = i.word AND f.lexeme = i.lexeme AND f.known)
  UNION ALL
  SELECT u.word, near.word, near.likeness FROM unknown u, LATERAL (
    SELECT DISTINCT k.word, similarity(k.word, u.word) AS likeness FROM search_words k
    WHERE k.owner_id = $1::uuid AND k.word >= left(u.word, 1) AND k.word < left(u.word, 1) || chr(1114111)
      AND length(k.word) BETWEEN length(u.word) - 2 AND length(u.word) + 2
    ORDER BY 2 DESC LIMIT 5
  ) AS near WHERE near.likeness >= CASE WHEN length(u.word) < 6 THEN ${LIKE_SHORT} ELSE ${LIKE_LONG} END
),
terms AS (
  SELECT w.word, w.position, array_agg(v.lexeme) AS lexemes, array_agg(v.weight) AS weights,
    string_agg(plainto_tsquery('simple', v.lexeme)::text, '|')::tsquery AS query
  FROM words w JOIN variants v USING (word) GROUP BY w.word, w.position
),
sample AS MATERIALIZED (SELECT d.search FROM ${newest} WHERE ${visible} LIMIT ${SAMPLE_SIZE}),
scale AS MATERIALIZED (
  SELECT size, sampled, greatest(size / greatest(sampled, 1), 1) AS factor
  FROM (SELECT s.sampled, coalesce((${size}), 0)::float8 AS size
    FROM (SELECT count(*)::float8 AS sampled FROM sample) AS s OFFSET 0) AS s
),
counted AS (
  SELECT terms.*, (SELECT count(*) FROM sample s WHERE s.search @@ query) * scale.factor AS rows FROM terms, scale
),
budgeted AS MATERIALIZED (
  SELECT c.*, size > ${BUDGET} AND sum(greatest(rows, factor / 5)) OVER (ORDER BY rows, position) > ${BUDGET} AS common
  FROM counted c, scale
),
common AS MATERIALIZED (SELECT ('(' || string_agg(query::text, ') & (') || ')')::tsquery AS query FROM budgeted WHERE common)
SELECT word AS "word", lexemes AS "lexemes", weights AS "weights", CASE WHEN b.common THEN rows ELSE 0 END AS "expected",
  b.query::text AS "query", rows AS "rows", b.common AS "isCommon", common.query::text AS "common", size AS "size", sampled AS "sampled",
  (SELECT count(*) FROM sample s WHERE s.search @@ common.query) * factor AS "together"
FROM budgeted b, common, scale ORDER BY position`;
}

type Row = Term & {
  rows: number;
  isCommon: boolean;
  common: string | null;
  together: number;
  size: number;
  sampled: number;
};

/** What a query asks for, in the words of the rows it is asked of; null where it has no word. */
export async function analyse(
  deps: Deps,
  corpus: Corpus,
  scope: readonly unknown[],
  query: string,
): Promise<Analysis | null> {
  const rows = await queryUnprepared<Row>(deps, statementFor(corpus), [...scope, query, STOP_WORDS, PREFIXES, ENDINGS]);
  const [first] = rows;
  return first ? { terms: rows, size: first.size, ...sourceOf(rows, first) } : null;
}

/** Rows with a rare word, and rows with all the common ones; where there are too many of either, the newest with any word. */
function sourceOf(
  terms: readonly Row[],
  { common, together, size, sampled }: Row,
): { source: string; wholly: boolean } {
  const rare = terms.filter(({ isCommon }) => !isCommon);
  const anyOf = (queries: readonly string[]) => queries.map((query) => `(${query})`).join(' | ');
  const queries = rare.map(({ query }) => query);
  if (common === null) return { source: anyOf(queries), wholly: sampled < size };
  const used = rare.reduce((sum, { rows }) => sum + rows, 0);
  if (used + together <= BUDGET) return { source: anyOf([...queries, common]), wholly: true };
  if (rare.length > 0) return { source: anyOf(queries), wholly: true };
  return { source: anyOf(terms.map(({ query }) => query)), wholly: false };
}
