import { FIRST_PERSON_PRONOUNS, SECOND_PERSON_PRONOUNS } from '#domain/text/pronouns.ts';
import { type Corpus, placeholders } from './corpus.ts';
import { MAX_RANKED } from './page.ts';
import {
  ABOUT_NAMED,
  B,
  BACK,
  DATE,
  K1,
  MAX_CANDIDATES,
  MAX_GIVERS,
  MIN_ABOUT_NAMED,
  MIN_NAME_SHARE,
  NAME,
  NAMED,
  ONWARD,
  ROLE,
  SPEAKER,
  TURNS_FULL_PENALTY_SIZE,
} from './rank-weights.ts';
import { queryOf } from './terms-statement.ts';

/** The parameters of the statement after those of the corpus, in order. */
export const RANK_PARAMETERS = [
  'source',
  'term',
  'lexeme',
  'weight',
  'expected',
  'strength',
  'missing',
  'dated',
  'byTime',
  'size',
  'from',
  'to',
  'roles',
  'limit',
] as const;

/** The inputs of the SQL fragments. */
type Parts = {
  corpus: Corpus;
  $: Record<(typeof RANK_PARAMETERS)[number], string>;
  /** A FROM clause for the rows `d` that are searched: the table, or only the newest rows. */
  rows: string;
};

/**
 * The statement that ranks the rows of a corpus: a sequence of CTEs, each built on those before it. `rows` is a FROM clause for the rows
 * `d` that are searched: the table, or only the newest rows.
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
    wanted,
    termScores,
    ownScores,
    givers,
    shares,
    gathered,
    speakers,
    boosted,
  ];
  return `WITH ${ctes.map((cte) => cte(parts)).join(',\n')}\n${ranking(parts)}`;
}

/** Every lexeme of every term: the number of the term, the weight, the tsquery, and a tsquery that only matches names of speakers. */
const variants = ({ $ }: Parts) => /* sql */ `variants AS MATERIALIZED (
  SELECT v.term, v.weight, ${queryOf('v.lexeme')} AS query, (${queryOf('v.lexeme')}::text || ':A')::tsquery AS speaker_query
  FROM unnest(${$.term}::int[], ${$.lexeme}::text[], ${$.weight}::float8[]) AS v(term, lexeme, weight)
)`;

/**
 * The rows that match the query's words, and the rows of its time if it only names a time: id, vector, number of distinct lexemes, time.
 */
const retrieved = ({ corpus, rows, $ }: Parts) => {
  const { newest, visible, timestamp, isFoundByTime } = corpus;
  const time = timestamp ?? 'NULL::timestamptz';
  const row = `SELECT d.id, d.search, length(d.search)::float8 AS size, ${time} AS row_time`;
  const ofTime = `UNION ALL ${row} FROM ${newest}
  WHERE ${$.byTime}::bool AND ${isInRange(time, $)} AND NOT d.search @@ ${$.source}::tsquery AND ${visible}`;
  return /* sql */ `retrieved AS MATERIALIZED (
  ${row} FROM ${rows} WHERE d.owner_id = $1::uuid AND d.search @@ ${$.source}::tsquery AND ${visible}
  ${isFoundByTime ? ofTime : ''}
)`;
};

const isInRange = (time: string, $: Parts['$']) =>
  `${time} >= ${$.from}::timestamptz AND ${time} < ${$.to}::timestamptz`;

/** The rows that are scored, up to the limit. */
const candidates = () => `candidates AS MATERIALIZED (SELECT * FROM retrieved LIMIT ${MAX_CANDIDATES})`;

/**
 * The term frequency of a lexeme in a row, by inverting ts_rank. For one lexeme at n positions of weight 1, calc_rank_or in PostgreSQL's
 * tsrank.c returns (1/1² + 1/2² + … + 1/n²) / 1.64493406685, where the divisor is the limit of the sum, π²/6. So 1 - ts_rank is 6/π² times
 * the remainder of the sum, 1/(n + 1)² + 1/(n + 2)² + …, which is close to 1 / (n + 0.5); and n is close to 6/π² / (1 - ts_rank) - 0.5.
 * Rounded, that is exact for 1 to 255 positions, the most that a tsvector stores (PostgreSQL 15). Two lexemes together have a greater rank,
 * up to 1.
 */
const TERM_FREQUENCY = `round(0.6079 / (1 - least(ts_rank('{1,1,1,1}', c.search, v.query), 0.998)) - 0.5)::float8`;

/** Each lexeme in each row: weight, term frequency (tf), whether it names the speaker. The query's date is term 0. */
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
 * Each term: whether it is a name of speakers, its strength, its factor against an answer if no row has it (`missing`), its document
 * frequency (df), and its inverse document frequency (idf) as in Lucene's BM25Similarity: ln(1 + (N - df + 0.5) / (df + 0.5)).
 */
const documentFrequencies = ({ corpus, $ }: Parts) => /* sql */ `document_frequencies AS MATERIALIZED (
  SELECT term, is_name, strength, missing, df,
    ln(1 + (greatest(${$.size}::float8, df, ${corpus.minCollectionSize}) - df + 0.5) / (df + 0.5))::float8 AS idf
  FROM (
    SELECT term, greatest(max(e.expected), count(m.id)) AS df, max(e.strength) AS strength, max(e.missing) AS missing,
      count(*) FILTER (WHERE m.is_speaker) >= greatest(1, ${MIN_NAME_SHARE}::float8 * count(m.id)) AS is_name
    FROM unnest(${$.expected}::float8[], ${$.strength}::float8[], ${$.missing}::float8[]) WITH ORDINALITY
      AS e(expected, strength, missing, term) LEFT JOIN term_frequencies m USING (term)
    GROUP BY term
  ) AS f
  UNION ALL SELECT 0, false, 1, CASE WHEN ${$.byTime}::bool THEN 1 ELSE 0 END, 1, ${DATE}::float8
    WHERE ${$.from}::timestamptz IS NOT NULL
)`;

/**
 * What has to be covered: the strongest terms that are no names, each by its idf (`total` is the sum of all), and a name. Weak terms only
 * count if there are no others: "What does Ann like?".
 */
const wanted = ({ corpus, $ }: Parts) => {
  const fullSize = `CASE WHEN names_speaker THEN ${TURNS_FULL_PENALTY_SIZE} ELSE ${corpus.fullPenaltySize} END`;
  const penalty = `1 + (missing - 1) * least(1, ${$.size}::float8 / ${fullSize})`;
  return /* sql */ `wanted AS MATERIALIZED (
  SELECT nullif(coalesce(sum(idf * CASE WHEN df = 0 THEN ${penalty} ELSE 1 END) FILTER (WHERE counts), 0)
      + CASE WHEN names_speaker THEN ${NAMED}::float8 ELSE 0 END, 0) AS total,
    names_speaker, array_agg(term) FILTER (WHERE counts) AS terms
  FROM (
    SELECT *, bool_or(is_name) OVER () AS names_speaker, NOT is_name AND missing > 0
      AND strength = max(strength) FILTER (WHERE NOT is_name AND missing > 0) OVER () AS counts
    FROM document_frequencies
  ) AS t GROUP BY names_speaker
)`;
};

/** The BM25 of each term in each row (Robertson and Zaragoza 2009), and how much of the wanted terms it covers. */
const termScores = () => /* sql */ `term_scores AS MATERIALIZED (
  SELECT m.id, m.term, t.is_name, t.is_name AND m.is_speaker AS is_speaker,
    CASE WHEN m.term = ANY(wanted.terms) THEN t.idf * least(m.weight, 1) ELSE 0 END AS covered,
    t.strength * t.idf * CASE WHEN t.is_name THEN ${NAME}::float8
      ELSE m.weight * m.tf * ${K1 + 1}::float8
        / (m.tf + ${K1}::float8 * (${1 - B}::float8 + ${B}::float8 * m.size / mean.size)) END AS score
  FROM term_frequencies m JOIN document_frequencies t USING (term) CROSS JOIN wanted
    CROSS JOIN (SELECT avg(size) AS size FROM candidates) AS mean
)`;

const tsquery = (words: readonly string[]) => `'${words.join('|')}'::tsquery`;

/** How far a row is about the speaker whom the query names, from 0 to 1; 1 if it names none. */
const ABOUT = `CASE WHEN NOT names_speaker OR mentions THEN 1
    WHEN speaks AND search @@ ${tsquery(FIRST_PERSON_PRONOUNS)} THEN ${ABOUT_NAMED.own}
    WHEN speaks AND search @@ ${tsquery(SECOND_PERSON_PRONOUNS)} THEN ${ABOUT_NAMED.ownQuestion}
    WHEN speaks THEN ${ABOUT_NAMED.own}
    WHEN search @@ ${tsquery(SECOND_PERSON_PRONOUNS)} THEN ${ABOUT_NAMED.addressed}
    WHEN search @@ ${tsquery(FIRST_PERSON_PRONOUNS)} THEN ${ABOUT_NAMED.othersOwn}
    ELSE ${ABOUT_NAMED.neither} END`;

/**
 * The score of each row's own words, and its coverage of the query, from 0 to 1: about the named speaker, and about anybody. A name alone
 * is no answer if the query asks for more.
 */
const ownScores = () => /* sql */ `own_scores AS MATERIALIZED (
  SELECT id, score, covered / nullif(total - CASE WHEN names_speaker THEN ${NAMED} ELSE 0 END, 0) AS coverage_by_anybody,
    (covered * about + CASE WHEN terms IS NULL AND has_name THEN ${NAMED}
      WHEN names_speaker AND covered > 0 AND about >= ${MIN_ABOUT_NAMED} THEN ${NAMED} * about ELSE 0 END)::float8 / total AS coverage
  FROM (
    SELECT s.*, wanted.*, (${ABOUT})::float8 AS about
    FROM (
      SELECT id, sum(score) AS score, sum(covered) AS covered, bool_or(is_name) AS has_name, bool_or(is_speaker) AS speaks,
        bool_or(is_name AND NOT is_speaker) AS mentions
      FROM term_scores GROUP BY id
    ) AS s JOIN candidates USING (id), wanted
  ) AS s
)`;

/** The best rows, which give shares of their scores to their neighbours. */
const givers = () =>
  `givers AS MATERIALIZED (SELECT * FROM own_scores ORDER BY score DESC, id DESC LIMIT ${MAX_GIVERS})`;

/** The score of each row's own terms, and the largest share that a neighbour gives for a term. */
const shares = ({ corpus }: Parts) => /* sql */ `shares AS (
  SELECT id, term, max(own) AS own, max(given) AS given FROM (
    SELECT id, term, score AS own, 0 AS given FROM term_scores
    UNION ALL
    SELECT a.id, s.term, 0, s.score * a.part FROM (
      SELECT t.id AS giver, a.id, CASE WHEN a.step > 0 THEN ${part(ONWARD, 'a.step')} ELSE ${part(BACK, '-a.step')} END AS part
      FROM givers g JOIN ${corpus.table} t USING (id) CROSS JOIN LATERAL (${corpus.neighbours}) AS a OFFSET 0
    ) AS a JOIN term_scores s ON s.id = a.giver
  ) AS s GROUP BY id, term
)`;

const part = ({ first, decay }: typeof ONWARD, step: string) =>
  `${first}::float8 * power(${decay}::float8, ${step} - 1)`;

/** The sums of the rows with the highest ones. */
const gathered = () => /* sql */ `gathered AS (
  SELECT id, sum(own) AS words, sum(greatest(given - own, 0)) AS neighbours FROM shares GROUP BY id
  ORDER BY sum(greatest(own, given)) DESC, id DESC LIMIT ${MAX_RANKED}
)`;

/** One tsquery for all speakers whom the query names; null if it names none. */
const speakers = () => /* sql */ `speakers AS (
  SELECT string_agg(v.speaker_query::text, '|')::tsquery AS query
  FROM variants v JOIN document_frequencies t USING (term) WHERE t.is_name
)`;

/** The rows with the factors of their scores. Neighbours that are not visible are dropped here, as are rows without text. */
const boosted = ({ corpus, $ }: Parts) => {
  const { table, text, parent, recency, importance, role, visible } = corpus;
  return /* sql */ `boosted AS (
  SELECT g.*, ${parent} AS parent, ${recency} AS recency, ${importance} AS importance,
    CASE WHEN d.search @@ speakers.query THEN ${SPEAKER}::float8 ELSE 1 END
      * CASE WHEN ${role} = ANY(${$.roles}::text[]) THEN ${ROLE}::float8 ELSE 1 END AS boost
  FROM gathered g JOIN ${table} d USING (id) CROSS JOIN speakers
  WHERE ${visible} AND d.${text} <> '' AND length(d.search) > 0
)`;
};

/** The rows as a Ranked each, best first; ties by the greater id. */
const ranking = ({ $ }: Parts) => /* sql */ `
SELECT id AS "id", (words + neighbours) * boost * recency * importance AS "score", words AS "words",
  neighbours AS "neighbours", boost AS "boost", recency AS "recency", importance AS "importance", parent AS "parent",
  features AS "features"
FROM boosted, (
  SELECT json_build_object('coverage', coalesce(max(coverage), 0), 'coverageByAnybody', coalesce(max(coverage_by_anybody), 0),
    'namesSpeaker', bool_or(names_speaker)) AS features
  FROM own_scores, wanted
) AS e ORDER BY "score" DESC, id DESC LIMIT ${$.limit}::int`;
