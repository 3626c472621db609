import { type Corpus, placeholders, SAMPLE_SIZE } from './corpus.ts';

/** Terms of a query at most: more distinct words add time, not meaning. The first ones count. */
const MAX_TERMS = 32;

/**
 * How many rows are ranked, about: words are looked for from the rarest on while these last, and the commoner ones only count.
 * 1,000 took twice the time at p95 where one owner has 600,000 messages (docs/decisions/search.md).
 */
export const ROW_BUDGET = 800;

/**
 * The weight of a word as it is spelt in the query; its stem has 1. Whoever asks for "running" rather means rows that say "running":
 * with 1, questions@5 of `npm run bench:search` falls from 80 to 79 % in podcast B, though MRR rises by 0.01.
 */
const EXACT = 1.15;

/**
 * The weight of a Hebrew word with another prefix, or none. With 1 for this and for INFLECTED, rows@10 rises from 92 to 96 % in
 * Hebrew memories, but the questions without an answer that find nothing fall from 60 to 40 %.
 */
const PREFIXED = 0.85;

/** The weight of a Hebrew word with another ending: less than PREFIXED, because it is more often another word. */
const INFLECTED = 0.75;

/**
 * The least trigram similarity (0 to 1) of a word that may be meant by one that no row has. Among words of fewer letters than
 * LONG_WORD more are similar by chance. Without similar words, rows@10 falls from 66 to 63 % in podcast A; with 0.4 for short
 * words too, the sets of `npm run bench:search` find 1 to 4 points more.
 */
const MIN_SIMILARITY = { short: 0.5, long: 0.4 };

/** From how many letters on a word is long. */
const LONG_WORD = 6;

/** Letters of a word at least that may be misspelt: shorter ones have too few trigrams to be told from others. */
const MIN_MISSPELT = 4;

/** By how many letters at most a misspelt word is longer or shorter than the word that it stands for. */
const MAX_LENGTH_DIFFERENCE = 2;

/** The weight of an irregular form of a word, as `bought` for `buy`. Chosen: 0.7 and 1 change no figure of `npm run bench:search`. */
export const IRREGULAR = 0.85;

/**
 * The weight of another word that means about the same, or a thing of the kind that the word names. With 0.6, MRR falls by 0.02 in the
 * Hebrew dialogues to tune with. Without such words, rows@10 falls from 92 to 88 % in the English and to 84 % in the Hebrew ones.
 */
export const RELATED = 0.4;

/** For how many words a misspelt one may stand. */
const MAX_SIMILAR = 5;

/** What `search_normal` writes for a symbol. */
const SYMBOL = '^0u[0-9a-f]+$';

/** The greatest code point, so that a range up to it holds every word that begins alike: search_words sorts by bytes. */
const LAST_CHARACTER = 'chr(1114111)';

/** The greatest of Hebrew letters, as often as an ending has letters. */
const LAST_ENDING = `'תתת'`;

/**
 * Five words that none of the sampled rows has use up as much of the budget as one word that a single sampled row has: they may be
 * in some rows all the same. Chosen, not measured.
 */
const UNSEEN_DIVISOR = 5;

/** The parameters of the statement after those of the corpus, in their order. */
export const TERMS_PARAMETERS = [
  'query',
  'stopWords',
  'prefixes',
  'endings',
  'otherWords',
  'otherForms',
  'otherWeights',
] as const;

/** What the fragments are made of. */
type Parts = { corpus: Corpus; $: Record<(typeof TERMS_PARAMETERS)[number], string> };

/**
 * The statement that finds out what a query asks for: one CTE after the other, each from those before it. A word that none of the
 * owner's rows has in any form stands for the most similar ones that they have, with the same first letter.
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

/** The words of the query, spelt normally, with their first positions and English stems (null for PostgreSQL's stop words). */
const queryLexemes = ({ $ }: Parts) => /* sql */ `query_lexemes AS (
  SELECT l.lexeme AS word, l.positions[1] AS position, (tsvector_to_array(to_tsvector('english', l.lexeme)))[1] AS stem
  FROM unnest(to_tsvector('simple', search_normal(${$.query}::text))) AS l
)`;

/**
 * The same, and how much each says of what is asked for: 2 for a word, 1 for a stop word of ours or a symbol, 0 for one of
 * PostgreSQL's stop words.
 */
const classified = ({ $ }: Parts) => /* sql */ `classified AS (
  SELECT *, CASE WHEN stem IS NULL THEN 0 WHEN word = ANY(${$.stopWords}::text[]) OR word ~ '${SYMBOL}' THEN 1 ELSE 2 END AS strength
  FROM query_lexemes
)`;

/**
 * The words that are looked for: all that say something, or all where none does. They are weak beside others that say more.
 */
const queryTerms = () => /* sql */ `query_terms AS MATERIALIZED (
  SELECT word, coalesce(stem, word) AS stem, position, strength < strongest AS is_weak
  FROM classified, (SELECT max(strength) AS strongest FROM classified) AS s
  WHERE strength > 0 OR strongest = 0
  ORDER BY strength DESC, position LIMIT ${MAX_TERMS}
)`;

/** Hebrew words as they are, and without each prefix that they may have; of what is left there are two letters at least. */
const unprefixed = ({ $ }: Parts) => /* sql */ `unprefixed AS (
  SELECT word, word AS base FROM query_terms WHERE word ~ '^[א-ת]{2,}$'
  UNION
  SELECT w.word, substr(w.word, length(p) + 1) FROM query_terms w, unnest(${$.prefixes}::text[]) AS p
  WHERE w.word ~ '^[א-ת]{3,}$' AND starts_with(w.word, p) AND length(w.word) >= length(p) + 2
)`;

/** What rows may spell a word like: its stem, itself, its irregular forms, and in Hebrew every prefix before what is left without one. */
const spellings = ({ $ }: Parts) => /* sql */ `spellings AS (
  SELECT word, stem AS lexeme, 1::float8 AS weight FROM query_terms
  UNION ALL SELECT word, word, ${EXACT} FROM query_terms WHERE word <> stem
  UNION ALL SELECT word, coalesce((tsvector_to_array(to_tsvector('english', form)))[1], form), o.weight
    FROM query_terms JOIN unnest(${$.otherWords}::text[], ${$.otherForms}::text[], ${$.otherWeights}::float8[]) AS o(word, form, weight)
      USING (word)
  UNION ALL SELECT b.word, p || b.base, ${PREFIXED}
    FROM unprefixed b, unnest(ARRAY[''] || ${$.prefixes}::text[]) AS p WHERE p || b.base <> b.word
)`;

/** Hebrew words without prefix and ending; of what is left there are three letters at least. */
const hebrewStems = ({ $ }: Parts) => /* sql */ `hebrew_stems AS (
  SELECT DISTINCT b.word, left(b.base, length(b.base) - length(e)) AS stem
  FROM unprefixed b, unnest(ARRAY[''] || ${$.endings}::text[]) AS e
  WHERE right(b.base, length(e)) = e AND length(b.base) - length(e) >= 3
)`;

/** The owner's words that have such a stem between any prefix and any ending. */
const inflected = ({ $ }: Parts) => /* sql */ `inflected AS (
  SELECT DISTINCT s.word, k.word AS lexeme
  FROM hebrew_stems s, unnest(ARRAY[''] || ${$.prefixes}::text[]) AS p, search_words k
  WHERE k.owner_id = $1::uuid AND k.word BETWEEN p || s.stem AND p || s.stem || ${LAST_ENDING}
    AND starts_with(k.word, p || s.stem)
    AND substr(k.word, length(p || s.stem) + 1) = ANY(ARRAY[''] || ${$.endings}::text[])
)`;

/** The spellings, and whether the owner's rows have them. */
const forms = () => /* sql */ `forms AS MATERIALIZED (
  SELECT s.*, (
    SELECT true FROM search_words k WHERE k.owner_id = $1::uuid AND k.word = s.lexeme LIMIT 1
  ) AS known
  FROM spellings s
)`;

/** The trigrams of a word as an array, with two blanks before the word and one after. */
const trigrams = (word: string) =>
  `ARRAY(SELECT DISTINCT substr('  ' || ${word} || ' ', at, 3) FROM generate_series(1, length(${word}) + 1) AS at)`;

/**
 * The trigrams that a word shares with others, by those that either has: what pg_trgm's `similarity` is, but for trigrams that
 * the word has twice, and for letters beyond ASCII, of which pg_trgm knows none where the database's locale is C.
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

/** Every lexeme that a word stands for, with its weight: its spellings, its Hebrew inflections, what it may be misspelt for. */
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

/** Each word that is looked for with its lexemes, their weights, and one tsquery for all of them. */
const terms = () => /* sql */ `terms AS (
  SELECT w.word, w.position, w.is_weak, array_agg(v.lexeme) AS lexemes, array_agg(v.weight) AS weights,
    string_agg(plainto_tsquery('simple', v.lexeme)::text, '|')::tsquery AS query
  FROM query_terms w JOIN variants v USING (word) GROUP BY w.word, w.position, w.is_weak
)`;

/** The vectors of the newest rows, to see how common words are. */
const sample = ({ corpus: { newest, visible } }: Parts) =>
  /* sql */ `sample AS MATERIALIZED (SELECT d.search FROM ${newest} WHERE ${visible} LIMIT ${SAMPLE_SIZE})`;

/** How many rows there are about, how many were sampled, and for how many each of these stands. */
const scale = ({ corpus: { size } }: Parts) => /* sql */ `scale AS MATERIALIZED (
  SELECT size, sampled, greatest(size / greatest(sampled, 1), 1) AS factor
  FROM (SELECT s.sampled, coalesce((${size}), 0)::float8 AS size
    FROM (SELECT count(*)::float8 AS sampled FROM sample) AS s OFFSET 0) AS s
)`;

/** Each term, and in how many rows it is, about. */
const documentFrequencies = () => /* sql */ `document_frequencies AS (
  SELECT terms.*, (SELECT count(*) FROM sample s WHERE s.search @@ query) * scale.factor AS rows FROM terms, scale
)`;

/** Each term, and whether it is too common: the budget is used up by the rarer ones. Rows are not looked for by weak ones. */
const budgeted = () => /* sql */ `budgeted AS MATERIALIZED (
  SELECT c.*, NOT is_weak AND size > ${ROW_BUDGET}
    AND sum(CASE WHEN is_weak THEN 0 ELSE greatest(rows, factor / ${UNSEEN_DIVISOR}) END)
      OVER (ORDER BY rows, position) > ${ROW_BUDGET} AS common
  FROM document_frequencies c, scale
)`;

/** One tsquery for the rows that have all common terms; null where no term is. */
const common = () => /* sql */ `common AS MATERIALIZED (
  SELECT ('(' || string_agg(query::text, ') & (') || ')')::tsquery AS query FROM budgeted WHERE common
)`;

/** The terms in the order of the query, each with what is known of all. */
const TERMS = /* sql */ `
SELECT word AS "word", lexemes AS "lexemes", weights AS "weights", CASE WHEN b.common OR is_weak THEN rows ELSE 0 END AS "expected",
  b.query::text AS "query", rows AS "rows", b.common AS "isCommon", is_weak AS "isWeak", common.query::text AS "common", size AS "size",
  sampled AS "sampled", (SELECT count(*) FROM sample s WHERE s.search @@ common.query) * factor AS "rowsWithAllCommon"
FROM budgeted b, common, scale ORDER BY position`;
