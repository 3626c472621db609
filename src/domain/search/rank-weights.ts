/** Rows that are scored at most, where the estimate by which terms.ts keeps to its budget was too low. */
export const MAX_CANDIDATES = 800;

/** How many of the best rows give to their neighbours. */
export const MAX_GIVERS = 100;

/**
 * BM25's k1: how soon a repeated word stops counting. 0.9 is from Trotman, Puurula and Burgess ("Improvements to BM25 and Language
 * Models Examined", ADCS 2014), and Anserini's default. With 1.2 and b 0.75, Lucene's, MRR is 0.01 to 0.02 less in three sets of
 * `npm run bench:search` and 0.02 more in podcast B.
 */
export const K1 = 0.9;

/** BM25's b: how much the length of a row counts, from 0 to 1. It is from the same source as K1. */
export const B = 0.4;

/**
 * The part of each word's score that a row gives to the next row, and the part of that which each row after it gets. A row takes
 * a word from the neighbour that gives most for it, or has it itself. With the sum of all that is given, and smaller shares of
 * fewer rows, rows@10 of `npm run bench:search` falls from 75 to 66 % in podcast A.
 */
export const ONWARD = { first: 0.7, decay: 0.65 };

/** The same for the rows before it. */
export const BACK = { first: 0.5, decay: 0.5 };

/**
 * What a word counts that is the name of a speaker, in place of its weight and frequency: whoever asks what Ann did rather looks
 * for what Ann says than for her name. Without this and SPEAKER, a long conversation lost 3 points (docs/decisions/search.md).
 */
export const NAME = 0.5;

/** The least share of the rows with a word that it names the speaker of, to be a speaker's name. */
export const MIN_NAME_SHARE = 0.5;

/** The factor for a row whose speaker the query names. Without, rows@5 falls by 2 points in the dialogues to tune with and in podcast A. */
export const SPEAKER = 1.4;

/** The factor for a message of the role that the query speaks of (roles.ts). Chosen: it changes no figure of `npm run bench:search`. */
export const ROLE = 1.1;

/**
 * What a date in the query weighs, on the scale of an inverse document frequency, in rows of that time and in those that name it:
 * 2 is a word that one row in seven has. Chosen: it changes no figure of `npm run bench:search`.
 */
export const DATE = 2;

/**
 * What the name of a speaker weighs in what has to be covered, on the scale of an inverse document frequency. Without, the
 * questions without an answer that find nothing fall from 58 to 48 % in the English dialogues to tune with, as messages.
 */
export const NAMED = 4;

/** The `fullPenaltySize` of every corpus where a query names a speaker: then its rows are turns, as those of messages are. */
export const TURNS_FULL_PENALTY_SIZE = 400;

/**
 * How far a row is about a speaker whom the query names: "Where did Tom fall?" is not answered by Ann's "I fell", and rather by her
 * "You fell" than by what is about neither. Their own rows are, but for what they only ask ("Did you fall?"). With 1 for their
 * own and 0.4 for all others, 45 instead of 65 % of the questions without an answer find nothing where 10 % of those with one do, in
 * the English dialogues to tune with.
 */
export const ABOUT_NAMED = { own: 1, ownQuestion: 0.3, addressed: 0.7, neither: 0.4, othersOwn: 0.15 };

/** How far a row has to be about the speaker whom the query names to have the name covered. */
export const MIN_ABOUT_NAMED = 0.5;
