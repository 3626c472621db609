import { type Corpus, placeholders, SAMPLE_SIZE } from './corpus.ts';

/** The maximum number of terms in a query, the first ones: more distinct words add time, not meaning. */
const MAX_TERMS = 32;

/**
 * The approximate number of rows that are ranked. Rows are retrieved by the rarest words while the budget lasts; the more common words only
 * add to scores. A budget of 1,000 took twice the time at p95 for an owner with 600,000 messages (docs/decisions/search.md).
 */
export const ROW_BUDGET = 800;

/**
 * The weight of a word exactly as in the query; its stem has 1. A query for "running" rather means rows with "running": with 1, questions@5
 * of `npm run bench:search` falls from 80 to 79 % in podcast B, though MRR rises by 0.01.
 */
const EXACT = 1.15;

/**
 * The weight of a Hebrew word with another prefix, or none. With 1 for this and for INFLECTED, rows@10 rises from 92 to 96 % in Hebrew
 * memories, but the share of unanswerable questions that find nothing falls from 60 to 40 %.
 */
const PREFIXED = 0.85;

/** The weight of a Hebrew word with another ending: less than PREFIXED, because it is more often a different word. */
const INFLECTED = 0.75;

/**
 * The minimum trigram similarity (0 to 1) of a word that may be the correct spelling of one that no row has. Words with fewer letters than
 * LONG_WORD are more often similar by chance. Without similar words, rows@10 falls from 66 to 63 % in podcast A; with 0.4 for short words
 * too, the sets of `npm run bench:search` find 1 to 4 points more.
 */
const MIN_SIMILARITY = { short: 0.5, long: 0.4 };

/** From how many letters on a word is long. */
const LONG_WORD = 6;

/** The minimum length of a word that may be misspelt: shorter ones have too few trigrams to be distinguished. */
const MIN_MISSPELT = 4;

/** The maximum difference in length between a misspelt word and the correct one. */
const MAX_LENGTH_DIFFERENCE = 2;

/** The weight of an irregular form, such as `bought` for `buy`. Chosen: 0.7 and 1 change no figure of `npm run bench:search`. */
export const IRREGULAR = 0.85;

/**
 * The weight of a synonym, or of a thing of the kind that the word names. With 0.6, MRR falls by 0.02 in the Hebrew tuning dialogues.
 * Without such words, rows@10 falls from 92 to 88 % in the English and to 84 % in the Hebrew ones.
 */
export const RELATED = 0.4;

/** How many corrections of a misspelt word are considered. */
const MAX_SIMILAR = 5;

/** What `search_normal` writes for a symbol. */
const SYMBOL = '^0u[0-9a-f]+$';

/** The highest code point, so that a range up to it covers every word with the same beginning: search_words sorts by bytes. */
const LAST_CHARACTER = 'chr(1114111)';

/** The last Hebrew letter, repeated for the length of an ending. */
const LAST_ENDING = `'תתת'`;

/**
 * Five words that no sampled row has use as much of the budget as one word that a single sampled row has, because some other rows may have
 * them. Chosen, not measured.
 */
const UNSEEN_DIVISOR = 5;

/** The parameters of the statement after those of the corpus, in order. */
export const TERMS_PARAMETERS = [
  'query',
  'stopWords',
  'prefixes',
  'endings',
  'otherWords',
  'otherForms',
  'otherWeights',
] as const;

/** The inputs of the SQL fragments. */
type Parts = { corpus: Corpus; $: Record<(typeof TERMS_PARAMETERS)[number], string> };

/**
 * The statement that analyses a query: a sequence of CTEs, each built on those before it. A word that none of the owner's rows has in any
 * form is replaced by the most similar ones that they have, with the same first letter.
 */
export function termsStatement(corpus: Corpus): string {
  const parts = { corpus, $: placeholders(corpus, TERMS_PARAMETERS) };
  const ctes = [
    queryLexemes,
    classified,
    queryTerms,
    unprefixed,
    spellings,
    hebrewStems,
    inflected,
    forms,
    unknown,
    variants,
    terms,
    sample,
    scale,
    documentFrequencies,
    budgeted,
    common,
  ];
  return `WITH ${ctes.map((cte) => cte(parts)).join(',\n')}\n${TERMS}`;
}

/** The words of the query, normalized, with their first positions and English stems (null for PostgreSQL's stop words). */
const queryLexemes = ({ $ }: Parts) => /* sql */ `query_lexemes AS (
  SELECT l.lexeme AS word, l.positions[1] AS position, (tsvector_to_array(to_tsvector('english', l.lexeme)))[1] AS stem
  FROM unnest(to_tsvector('simple', search_normal(${$.query}::text))) AS l
)`;

/**
 * The same, with how much each word says about what is asked for: 2 for a word, 1 for one of our own stop words or a symbol, 0 for one of
 * PostgreSQL's stop words.
 */
const classified = ({ $ }: Parts) => /* sql */ `classified AS (
  SELECT *, CASE WHEN stem IS NULL THEN 0 WHEN word = ANY(${$.stopWords}::text[]) OR word ~ '${SYMBOL}' THEN 1 ELSE 2 END AS strength
  FROM query_lexemes
)`;

/**
 * The words that are searched for: all but PostgreSQL's stop words, or those if there are no others. Words are weak beside stronger ones.
 */
const queryTerms = () => /* sql */ `query_terms AS MATERIALIZED (
  SELECT word, coalesce(stem, word) AS stem, position, strength < strongest AS is_weak
  FROM classified, (SELECT max(strength) AS strongest FROM classified) AS s
  WHERE strength > 0 OR strongest = 0
  ORDER BY strength DESC, position LIMIT ${MAX_TERMS}
)`;

/** Hebrew words as they are, and without each possible prefix; at least two letters have to remain. */
const unprefixed = ({ $ }: Parts) => /* sql */ `unprefixed AS (
  SELECT word, word AS base FROM query_terms WHERE word ~ '^[א-ת]{2,}$'
  UNION
  SELECT w.word, substr(w.word, length(p) + 1) FROM query_terms w, unnest(${$.prefixes}::text[]) AS p
  WHERE w.word ~ '^[א-ת]{3,}$' AND starts_with(w.word, p) AND length(w.word) >= length(p) + 2
)`;

/**
 * The spellings to look for: the stem, the word itself, its irregular forms and related words, and in Hebrew every prefix before the word
 * without its own.
 */
const spellings = ({ $ }: Parts) => /* sql */ `spellings AS (
  SELECT word, stem AS lexeme, 1::float8 AS weight FROM query_terms
  UNION ALL SELECT word, word, ${EXACT} FROM query_terms WHERE word <> stem
  UNION ALL SELECT word, CASE WHEN form LIKE '% %' THEN form
      ELSE coalesce((tsvector_to_array(to_tsvector('english', form)))[1], form) END, o.weight
    FROM query_terms JOIN unnest(${$.otherWords}::text[], ${$.otherForms}::text[], ${$.otherWeights}::float8[]) AS o(word, form, weight)
      USING (word)
  UNION ALL SELECT b.word, p || b.base, ${PREFIXED}
    FROM unprefixed b, unnest(ARRAY[''] || ${$.prefixes}::text[]) AS p WHERE p || b.base <> b.word
)`;

/** Hebrew words without prefix and ending; at least three letters have to remain. */
const hebrewStems = ({ $ }: Parts) => /* sql */ `hebrew_stems AS (
  SELECT DISTINCT b.word, left(b.base, length(b.base) - length(e)) AS stem
  FROM unprefixed b, unnest(ARRAY[''] || ${$.endings}::text[]) AS e
  WHERE right(b.base, length(e)) = e AND length(b.base) - length(e) >= 3
)`;

/** The owner's words that consist of such a stem, with any prefix and any ending. */
const inflected = ({ $ }: Parts) => /* sql */ `inflected AS (
  SELECT DISTINCT s.word, k.word AS lexeme
  FROM hebrew_stems s, unnest(ARRAY[''] || ${$.prefixes}::text[]) AS p, search_words k
  WHERE k.owner_id = $1::uuid AND k.word BETWEEN p || s.stem AND p || s.stem || ${LAST_ENDING}
    AND starts_with(k.word, p || s.stem)
    AND substr(k.word, length(p || s.stem) + 1) = ANY(ARRAY[''] || ${$.endings}::text[])
)`;

/** The spellings, and whether the owner's rows have them; of several words, the last one. */
const forms = () => /* sql */ `forms AS MATERIALIZED (
  SELECT s.*, (
    SELECT true FROM search_words k WHERE k.owner_id = $1::uuid AND k.word = regexp_replace(s.lexeme, '^.* ', '') LIMIT 1
  ) AS known
  FROM spellings s
)`;

/** The trigrams of a word as an array, padded with two blanks before the word and one after it. */
const trigrams = (word: string) =>
  `ARRAY(SELECT DISTINCT substr('  ' || ${word} || ' ', at, 3) FROM generate_series(1, length(${word}) + 1) AS at)`;

/**
 * The Jaccard similarity of a word's trigrams: the shared ones divided by those that either word has. It equals pg_trgm's `similarity`,
 * except for trigrams that occur twice in the word, and for non-ASCII letters, which pg_trgm does not know if the database's locale is C.
 */
const similarity = (word: string, others: string) => `(
      SELECT shared / (cardinality(${others}) + length(${word}) + 1 - shared)
      FROM (SELECT count(*)::float8 AS shared FROM unnest(${others}) AS t WHERE strpos('  ' || ${word} || ' ', t) > 0) AS s
    )`;

/** Words that may be misspelt: no row has any of their spellings, and they do not begin with a digit (ASCII 48 to 57). */
const unknown = () => /* sql */ `unknown AS MATERIALIZED (
  SELECT word, ${trigrams('word')} AS trigrams
  FROM forms WHERE length(word) >= ${MIN_MISSPELT} AND ascii(word) NOT BETWEEN 48 AND 57
  GROUP BY word HAVING NOT coalesce(bool_or(known), false)
)`;

/** Every lexeme of a word with its weight: its spellings, its Hebrew inflections, and its likely corrections. */
const variants = () => /* sql */ `variants AS (
  SELECT word, lexeme, weight FROM forms WHERE known OR weight NOT IN (${PREFIXED}, ${RELATED})
  UNION ALL SELECT i.word, i.lexeme, ${INFLECTED} FROM inflected i
    WHERE NOT EXISTS (SELECT FROM forms f WHERE f.word = i.word AND f.lexeme = i.lexeme AND f.known)
  UNION ALL
  SELECT u.word, near.word, near.similarity FROM unknown u, LATERAL (
    SELECT DISTINCT k.word, ${similarity('k.word', 'u.trigrams')} AS similarity FROM search_words k
    WHERE k.owner_id = $1::uuid AND k.word >= left(u.word, 1) AND k.word < left(u.word, 1) || ${LAST_CHARACTER}
      AND length(k.word) BETWEEN length(u.word) - ${MAX_LENGTH_DIFFERENCE} AND length(u.word) + ${MAX_LENGTH_DIFFERENCE}
    ORDER BY 2 DESC, 1 LIMIT ${MAX_SIMILAR}
  ) AS near
  WHERE near.similarity >=
    CASE WHEN length(u.word) < ${LONG_WORD} THEN ${MIN_SIMILARITY.short} ELSE ${MIN_SIMILARITY.long} END
)`;

/**
 * The tsquery of a lexeme, which may be several words. Hebrew ones have to be adjacent. English ones may be anywhere in a row: a vector
 * has the positions of stop words behind those of all other words, so that "can't" is adjacent to no "stand".
 */
export const queryOf = (lexeme: string) =>
  `(CASE WHEN ${lexeme} ~ '^[א-ת]' THEN phraseto_tsquery('simple', ${lexeme}) ELSE plainto_tsquery('simple', ${lexeme}) END)`;

/** Each word that is searched for, with its lexemes, their weights, and one tsquery for all of them. */
const terms = () => /* sql */ `terms AS (
  SELECT w.word, w.position, w.is_weak, array_agg(v.lexeme) AS lexemes, array_agg(v.weight) AS weights,
    string_agg(${queryOf('v.lexeme')}::text, '|')::tsquery AS query
  FROM query_terms w JOIN variants v USING (word) GROUP BY w.word, w.position, w.is_weak
)`;

/** The vectors of the newest rows, to estimate how common words are. */
const sample = ({ corpus: { newest, visible } }: Parts) =>
  /* sql */ `sample AS MATERIALIZED (SELECT d.search FROM ${newest} WHERE ${visible} LIMIT ${SAMPLE_SIZE})`;

/** The approximate number of rows, the size of the sample, and how many rows each sampled row represents. */
const scale = ({ corpus: { size } }: Parts) => /* sql */ `scale AS MATERIALIZED (
  SELECT size, sampled, greatest(size / greatest(sampled, 1), 1) AS factor
  FROM (SELECT s.sampled, coalesce((${size}), 0)::float8 AS size
    FROM (SELECT count(*)::float8 AS sampled FROM sample) AS s OFFSET 0) AS s
)`;

/** Each term with its approximate document frequency. */
const documentFrequencies = () => /* sql */ `document_frequencies AS (
  SELECT terms.*, (SELECT count(*) FROM sample s WHERE s.search @@ query) * scale.factor AS rows FROM terms, scale
)`;

/** Each term, and whether it is too common, because rarer ones use up the budget. Weak terms retrieve no rows. */
const budgeted = () => /* sql */ `budgeted AS MATERIALIZED (
  SELECT c.*, NOT is_weak AND size > ${ROW_BUDGET}
    AND sum(CASE WHEN is_weak THEN 0 ELSE greatest(rows, factor / ${UNSEEN_DIVISOR}) END)
      OVER (ORDER BY rows, position) > ${ROW_BUDGET} AS common
  FROM document_frequencies c, scale
)`;

/** One tsquery for the rows that have all common terms; null if no term is common. */
const common = () => /* sql */ `common AS MATERIALIZED (
  SELECT ('(' || string_agg(query::text, ') & (') || ')')::tsquery AS query FROM budgeted WHERE common
)`;

/** The terms in the order of the query, each with the figures for all of them. */
const TERMS = /* sql */ `
SELECT word AS "word", lexemes AS "lexemes", weights AS "weights", CASE WHEN b.common OR is_weak THEN rows ELSE 0 END AS "expected",
  b.query::text AS "query", rows AS "rows", b.common AS "isCommon", is_weak AS "isWeak", common.query::text AS "common", size AS "size",
  sampled AS "sampled", (SELECT count(*) FROM sample s WHERE s.search @@ common.query) * factor AS "rowsWithAllCommon"
FROM budgeted b, common, scale ORDER BY position`;
