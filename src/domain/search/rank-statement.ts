import { type Corpus, placeholders } from './corpus.ts';
import { MAX_RANKED } from './page.ts';

/** Rows that are scored at most, where the estimate by which terms.ts keeps to its budget was too low. */
const MAX_CANDIDATES = 800;

/** How many of the best rows give to their neighbours. */
const MAX_GIVERS = 100;

/**
 * BM25's k1: how soon a repeated word stops counting. 0.9 is from Trotman, Puurula and Burgess ("Improvements to BM25 and Language
 * Models Examined", ADCS 2014), and Anserini's default. With 1.2 and b 0.75, Lucene's, MRR is 0.01 to 0.02 less in three sets of
 * `npm run bench:search` and 0.02 more in podcast B.
 */
const K1 = 0.9;

/** BM25's b: how much the length of a row counts, from 0 to 1. It is from the same source as K1. */
const B = 0.4;

/**
 * The part of its score that a row gives to the next row; the one after that gets half of it, and so on. Without neighbours, rows@10
 * of `npm run bench:search` falls from 66 to 51 % in podcast A, and to 56 % in podcast B.
 */
const ONWARD = 0.5;

/** The part of its score that a row gives to the row before it. Without, rows@5 falls by 3 to 4 points in both podcasts. */
const BACK = 0.2;

/**
 * What a word counts that is the name of a speaker, in place of its weight and frequency: whoever asks what Ann did rather looks
 * for what Ann says than for her name. Without this and SPEAKER, a long conversation lost 3 points (docs/decisions/search.md).
 */
const NAME = 0.3;

/** The factor for a row whose speaker the query names. Without, rows@10 falls from 66 to 63 % in podcast A. */
const SPEAKER = 1.4;

/** The factor for a message of the role that the query speaks of (roles.ts). Chosen: it changes no figure of `npm run bench:search`. */
const ROLE = 1.1;

/**
 * What a date in the query weighs, on the scale of an inverse document frequency, in rows of that time and in those that name it:
 * 2 is a word that one row in seven has. Chosen: it changes no figure of `npm run bench:search`.
 */
const DATE = 2;

/** The parameters of the statement after those of the corpus, in their order. */
export const RANK_PARAMETERS = [
  'source',
  'term',
  'lexeme',
  'weight',
  'expected',
  'missing',
  'dated',
  'size',
  'from',
  'to',
  'roles',
  'limit',
] as const;

/** What the fragments are made of. */
type Parts = {
  corpus: Corpus;
  $: Record<(typeof RANK_PARAMETERS)[number], string>;
  /** A FROM clause for the rows `d` that are searched. */
  rows: string;
};

/**
 * The statement that ranks the rows of a corpus: one CTE after the other, each from those before it. `rows` is a FROM clause for
 * the rows `d` that are searched: the table, or the newest rows alone.
 */
export function rankStatement(corpus: Corpus, rows: string): string {
  const parts = { corpus, rows, $: placeholders(corpus, RANK_PARAMETERS) };
  const ctes = [
    variants,
    retrieved,
    candidates,
    occurrences,
    termFrequencies,
    documentFrequencies,
    collection,
    ownScores,
    givers,
    shares,
    gathered,
    speakers,
    boosted,
  ];
  return `WITH ${ctes.map((cte) => cte(parts)).join(',\n')}\n${ranking(parts)}`;
}

/** Every lexeme that a term stands for: the term's number, the weight, its tsquery, and one for lexemes of speakers alone. */
const variants = ({ $ }: Parts) => /* sql */ `variants AS MATERIALIZED (
  SELECT v.term, v.weight, plainto_tsquery('simple', v.lexeme) AS query,
    (plainto_tsquery('simple', v.lexeme)::text || ':A')::tsquery AS speaker_query
  FROM unnest(${$.term}::int[], ${$.lexeme}::text[], ${$.weight}::float8[]) AS v(term, lexeme, weight)
)`;

/** The rows with the words looked for, and those of the query's date: id, vector, number of distinct lexemes, time. */
const retrieved = ({ corpus, rows, $ }: Parts) => {
  const { newest, visible, timestamp } = corpus;
  const time = timestamp ?? 'NULL::timestamptz';
  const row = `SELECT d.id, d.search, length(d.search)::float8 AS size, ${time} AS row_time`;
  return /* sql */ `retrieved AS MATERIALIZED (
  ${row} FROM ${rows} WHERE d.owner_id = $1::uuid AND d.search @@ ${$.source}::tsquery AND ${visible}
  UNION ALL
  ${row} FROM ${newest}
  WHERE ${$.from}::timestamptz IS NOT NULL AND ${isInRange(time, $)} AND NOT d.search @@ ${$.source}::tsquery
    AND ${visible}
)`;
};

const isInRange = (time: string, $: Parts['$']) =>
  `${time} >= ${$.from}::timestamptz AND ${time} < ${$.to}::timestamptz`;

/** As many of them as are scored. */
const candidates = () => `candidates AS MATERIALIZED (SELECT * FROM retrieved LIMIT ${MAX_CANDIDATES})`;

/**
 * How often a row has a lexeme, by the inverse of what ts_rank makes of it. For one lexeme at n positions of weight 1,
 * calc_rank_or in PostgreSQL's tsrank.c returns (1/1² + 1/2² + … + 1/n²) / 1.64493406685, where the divisor is the sum's limit π²/6.
 * So 1 - ts_rank is 6/π² times what the sum lacks, 1/(n + 1)² + 1/(n + 2)² + …, which is close to 1 / (n + 0.5); and n is close to
 * 6/π² / (1 - ts_rank) - 0.5. Rounded, that is exact for 1 to 255 positions, the most that a tsvector keeps (PostgreSQL 15).
 */
const TERM_FREQUENCY = `round(0.6079 / (1 - ts_rank('{1,1,1,1}', c.search, v.query)) - 0.5)::float8`;

/** Each lexeme in each row: weight, term frequency (tf), whether it names the speaker. The date of the query is term 0. */
const occurrences = ({ $ }: Parts) => /* sql */ `occurrences AS (
  SELECT c.id, c.size, v.term, v.weight, c.search @@ v.speaker_query AS is_speaker,
    ${TERM_FREQUENCY} AS tf
  FROM candidates c JOIN variants v ON c.search @@ v.query
  UNION ALL
  SELECT id, size, 0, 1, false, 1 FROM candidates WHERE ${isInRange('row_time', $)} OR search @@ ${$.dated}::tsquery
)`;

/** Each term in each row, by the best of its lexemes. */
const termFrequencies = () => /* sql */ `term_frequencies AS MATERIALIZED (
  SELECT id, term, min(size) AS size, max(weight) AS weight, max(tf) AS tf, bool_or(is_speaker) AS is_speaker
  FROM (SELECT * FROM occurrences OFFSET 0) AS o GROUP BY id, term
)`;

/**
 * Each term: whether it is a name of speakers, what it counts against an answer where no row has it (`missing`), in how many rows
 * it is (df), and its inverse document frequency (idf), as Lucene's BM25Similarity has it: ln(1 + (N - df + 0.5) / (df + 0.5)).
 */
const documentFrequencies = ({ corpus, $ }: Parts) => /* sql */ `document_frequencies AS MATERIALIZED (
  SELECT term, is_name, missing, df,
    ln(1 + (greatest(${$.size}::float8, df, ${corpus.minCollectionSize}) - df + 0.5) / (df + 0.5))::float8 AS idf
  FROM (
    SELECT term, greatest(max(e.expected), count(m.id)) AS df, coalesce(bool_or(m.is_speaker), false) AS is_name,
      max(e.missing) AS missing
    FROM unnest(${$.expected}::float8[], ${$.missing}::float8[]) WITH ORDINALITY AS e(expected, missing, term)
      LEFT JOIN term_frequencies m USING (term)
    GROUP BY term
  ) AS f
  UNION ALL SELECT 0, false, 1, 1, ${DATE}::float8 WHERE ${$.from}::timestamptz IS NOT NULL
)`;

/** The mean size of a row, and the idf that a row would have that has all of the query. */
const collection = ({ corpus, $ }: Parts) => /* sql */ `collection AS MATERIALIZED (
  SELECT (SELECT avg(size) FROM candidates) AS size, (
    SELECT nullif(sum(idf * CASE WHEN df = 0
      THEN 1 + (missing - 1) * least(1, ${$.size}::float8 / ${corpus.fullPenaltySize}) ELSE 1 END), 0)
    FROM document_frequencies WHERE missing > 0
  ) AS idf
)`;

/** The BM25 of each row (Robertson and Zaragoza 2009), and how much of the query it covers, from 0 to 1. */
const ownScores = () => /* sql */ `own_scores AS MATERIALIZED (
  SELECT m.id, sum(t.idf * least(m.weight, 1)) FILTER (WHERE t.missing > 0) / max(collection.idf) AS coverage,
    sum(t.idf * CASE WHEN t.is_name THEN ${NAME}::float8
      ELSE m.weight * m.tf * ${K1 + 1}::float8
        / (m.tf + ${K1}::float8 * (${1 - B}::float8 + ${B}::float8 * m.size / collection.size)) END) AS score
  FROM term_frequencies m JOIN document_frequencies t USING (term) CROSS JOIN collection GROUP BY m.id
)`;

/** The best rows, which give to their neighbours. */
const givers = () =>
  `givers AS MATERIALIZED (SELECT * FROM own_scores ORDER BY score DESC, id DESC LIMIT ${MAX_GIVERS})`;

/** What each row has of its own, and what each neighbour gives it. */
const shares = ({ corpus }: Parts) => /* sql */ `shares AS (
  SELECT id, score AS words, 0 AS neighbours FROM own_scores
  UNION ALL
  SELECT a.id, 0, g.score * CASE WHEN a.step > 0 THEN power(${ONWARD}::float8, a.step) ELSE ${BACK}::float8 END
  FROM givers g JOIN ${corpus.table} t USING (id) CROSS JOIN LATERAL (${corpus.neighbours}) AS a
)`;

/** The sums of the rows that have most. */
const gathered = () => /* sql */ `gathered AS (
  SELECT id, sum(words) AS words, sum(neighbours) AS neighbours FROM shares GROUP BY id
  ORDER BY sum(words + neighbours) DESC, id DESC LIMIT ${MAX_RANKED}
)`;

/** One tsquery for all speakers whom the query names; null where it names none. */
const speakers = () => /* sql */ `speakers AS (
  SELECT string_agg(v.speaker_query::text, '|')::tsquery AS query
  FROM variants v JOIN document_frequencies t USING (term) WHERE t.is_name
)`;

/** The rows with the factors of their scores; a neighbour that the query may not see goes here. */
const boosted = ({ corpus, $ }: Parts) => {
  const { table, parent, recency, importance, role, visible } = corpus;
  return /* sql */ `boosted AS (
  SELECT g.*, ${parent} AS parent, ${recency} AS recency, ${importance} AS importance,
    CASE WHEN d.search @@ speakers.query THEN ${SPEAKER}::float8 ELSE 1 END
      * CASE WHEN ${role} = ANY(${$.roles}::text[]) THEN ${ROLE}::float8 ELSE 1 END AS boost
  FROM gathered g JOIN ${table} d USING (id) CROSS JOIN speakers WHERE ${visible}
)`;
};

/** The rows as a Ranked each, best first; of equals, the one with the greater id. */
const ranking = ({ $ }: Parts) => /* sql */ `
SELECT id AS "id", (words + neighbours) * boost * recency * importance AS "score", words AS "words",
  neighbours AS "neighbours", boost AS "boost", recency AS "recency", importance AS "importance", parent AS "parent",
  (SELECT max(coverage) FROM givers) AS "coverage"
FROM boosted ORDER BY "score" DESC, id DESC LIMIT ${$.limit}::int`;
