import type { Deps } from '#domain/core/deps.ts';
import { normalizeWord, WORDS } from '#domain/text/normalize.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';
import { type Corpus, placeholders } from './corpus.ts';
import type { Dates } from './dates.ts';
import type { Analysis, Term } from './terms.ts';
import { queryUnprepared } from './unprepared.ts';

/** A row that was found, and what its score is made of: (words + neighbours) × raised × recency × importance. */
export type Ranked = {
  id: string;
  /** Its conversation or episode; null for a memory of none. */
  parent: string | null;
  score: number;
  /** BM25 of its own words. */
  words: number;
  /** What it takes from the rows around it. */
  neighbours: number;
  /** For its speaker, where the query names one, and the role. */
  raised: number;
  recency: number;
  importance: number;
  /** How much of the query the row that covers most of it has, by weight of the words: 0 to 1. */
  coverage: number;
  text: string;
};

/** At most: how many rows have a word is an estimate. */
const MAX_CANDIDATES = 800;
/** Only the best rows speak for their neighbours. */
const TOP = 100;
/** Of those and their neighbours, so many are weighed: a filter may hide some. */
const WEIGHED = 200;

/** BM25 for short texts: how soon a repeated word stops counting, and how much the length does. */
const K1 = 0.9;
const B = 0.4;
/** What a row gives to the next one, half of it to the one after that, and so on; and what it gives to the one before. */
const ONWARD = 0.5;
const BACK = 0.2;
/** A name that speakers have is a weak word: whoever asks what Ann did rather looks for what Ann says than for her name. */
const NAME = 0.3;
const SPEAKER = 1.4;
const ROLE = 1.1;
/** How much a date counts, as the weight (idf) of a word would, in rows that were said then and in those that name it. */
const DATE = 2;

/**
 * How much more a word that no row has counts in what has to be covered: it tells that something else is asked for. Hebrew
 * words have more forms than are known here.
 */
const MISSING = { hebrew: 1.5, other: 2 };

const VALUES = [
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

function statementFor(corpus: Corpus, rows: string): string {
  const { table, visible, newest, text, parent, saidAt, role, around, recency, importance, telling, leastRows } =
    corpus;
  const $ = placeholders(corpus, VALUES);
  const inRange = (row: string) => `${row} >= ${$.from}::timestamptz AND ${row} < ${$.to}::timestamptz`;
  const at = saidAt ?? 'NULL::timestamptz';
  const row = `SELECT d.id, d.search, length(d.search)::float8 AS size, ${at} AS said_at`;
  return /* sql */ `
WITH variants AS MATERIALIZED (
  SELECT v.term, v.weight, plainto_tsquery('simple', v.lexeme) AS query,
    (plainto_tsquery('simple', v.lexeme)::text || ':A')::tsquery AS said
  FROM unnest(${$.term}::int[], ${$.lexeme}::text[], ${$.weight}::float8[]) AS v(term, lexeme, weight)
),
found AS MATERIALIZED (
  ${row} FROM ${rows} WHERE d.owner_id = $1::uuid AND d.search @@ ${$.source}::tsquery AND ${visible}
  UNION ALL
  ${row} FROM ${newest} WHERE ${$.from}::timestamptz IS NOT NULL AND ${inRange(at)} AND NOT d.search @@ ${$.source}::tsquery
    AND ${visible}
),
candidates AS MATERIALIZED (SELECT * FROM found LIMIT ${MAX_CANDIDATES}),
spelled AS (
  SELECT c.id, c.size, v.term, v.weight, c.search @@ v.said AS said,
    round(0.6079 / (1 - ts_rank('{1,1,1,1}', c.search, v.query)) - 0.5)::float8 AS tf
  FROM candidates c JOIN variants v ON c.search @@ v.query
  UNION ALL
  SELECT id, size, 0, 1, false, 1 FROM candidates WHERE ${inRange('said_at')} OR search @@ ${$.dated}::tsquery
),
matches AS MATERIALIZED (
  SELECT id, term, min(size) AS size, max(weight) AS weight, max(tf) AS tf, bool_or(said) AS said
  FROM (SELECT * FROM spelled OFFSET 0) AS s GROUP BY id, term
),
terms AS MATERIALIZED (
  SELECT term, is_name, missing, df, ln(1 + (greatest(${$.size}::float8, df, ${leastRows}) - df + 0.5) / (df + 0.5))::float8 AS idf
  FROM (
    SELECT term, greatest(max(e.expected), count(m.id)) AS df, coalesce(bool_or(m.said), false) AS is_name, max(e.missing) AS missing
    FROM unnest(${$.expected}::float8[], ${$.missing}::float8[]) WITH ORDINALITY AS e(expected, missing, term) LEFT JOIN matches m USING (term)
    GROUP BY term
  ) AS f
  UNION ALL SELECT 0, false, 1, 1, ${DATE}::float8 WHERE ${$.from}::timestamptz IS NOT NULL
),
means AS MATERIALIZED (
  SELECT (SELECT avg(size) FROM candidates) AS size, (SELECT nullif(sum(idf * CASE WHEN df = 0 THEN 1 + (missing - 1) * least(1, ${$.size}::float8 / ${telling}) ELSE 1 END), 0) FROM terms WHERE missing > 0) AS idf
),
own AS MATERIALIZED (
  SELECT m.id, sum(t.idf * least(m.weight, 1)) FILTER (WHERE t.missing > 0) / max(means.idf) AS coverage,
    sum(t.idf * CASE WHEN t.is_name THEN ${NAME}::float8
      ELSE m.weight * m.tf * ${K1 + 1}::float8 / (m.tf + ${K1}::float8 * (${1 - B}::float8 + ${B}::float8 * m.size / means.size)) END) AS score
  FROM matches m JOIN terms t USING (term) CROSS JOIN means GROUP BY m.id
),
top AS MATERIALIZED (SELECT * FROM own ORDER BY score DESC, id DESC LIMIT ${TOP}),
parts AS (
  SELECT id, score AS words, 0 AS neighbours FROM own
  UNION ALL
  SELECT a.id, 0, o.score * CASE WHEN a.step > 0 THEN power(${ONWARD}::float8, a.step) ELSE ${BACK}::float8 END
  FROM top o JOIN ${table} t USING (id) CROSS JOIN LATERAL (${around}) AS a
),
gathered AS (
  SELECT id, sum(words) AS words, sum(neighbours) AS neighbours FROM parts GROUP BY id 
  ORDER BY sum(words + neighbours) DESC, id DESC LIMIT ${WEIGHED}
),
speakers AS (SELECT string_agg(v.said::text, '|')::tsquery AS said FROM variants v JOIN terms t USING (term) WHERE t.is_name),
weighed AS (
  SELECT g.*, d.${text} AS text, ${parent} AS parent, ${recency} AS recency, ${importance} AS importance,
    CASE WHEN d.search @@ speakers.said THEN ${SPEAKER}::float8 ELSE 1 END
      * CASE WHEN ${role} = ANY(${$.roles}::text[]) THEN ${ROLE}::float8 ELSE 1 END AS raised
  FROM gathered g JOIN ${table} d USING (id) CROSS JOIN speakers WHERE ${visible}
)
SELECT id AS "id", (words + neighbours) * raised * recency * importance AS "score", words AS "words", neighbours AS "neighbours",
  raised AS "raised", recency AS "recency", importance AS "importance", parent AS "parent", text AS "text", (SELECT max(coverage) FROM top) AS "coverage"
FROM weighed ORDER BY "score" DESC, id DESC LIMIT ${$.limit}::int`;
}

export type Wishes = { dates: Dates | null; roles: readonly MessageRole[]; limit: number };

/** The rows that answer best, by BM25 of their words and what their neighbours say. */
export function rank(
  deps: Deps,
  corpus: Corpus,
  scope: readonly unknown[],
  { terms, size, source, wholly }: Analysis,
  { dates, roles, limit }: Wishes,
): Promise<Ranked[]> {
  const spellings = terms.flatMap(({ lexemes, weights }, index) =>
    lexemes.map((lexeme, at) => ({ term: index + 1, lexeme, weight: weights[at] })),
  );
  const ofDate = new Set((dates?.phrase.match(WORDS) ?? []).map(normalizeWord));
  const isOfDate = ({ word }: Term) => ofDate.has(word);
  return queryUnprepared<Ranked>(deps, statementFor(corpus, wholly ? `${corpus.table} d` : corpus.newest), [
    ...scope,
    source,
    spellings.map(({ term }) => term),
    spellings.map(({ lexeme }) => lexeme),
    spellings.map(({ weight }) => weight),
    terms.map(({ expected }) => expected),
    terms.map((term) => (isOfDate(term) ? 0 : MISSING[/[א-ת]/.test(term.word) ? 'hebrew' : 'other'])),
    terms
      .filter(isOfDate)
      .map(({ query }) => `(${query})`)
      .join(' & ') || null,
    size,
    dates?.from ?? null,
    dates?.to ?? null,
    roles,
    limit,
  ]);
}
