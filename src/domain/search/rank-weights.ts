/** The maximum number of rows that are scored, in case the estimate with which terms.ts keeps to its budget was too low. */
export const MAX_CANDIDATES = 800;

/** How many of the best rows give shares to their neighbours. */
export const MAX_GIVERS = 100;

/**
 * BM25's k1: how soon repetitions of a word stop counting. 0.9 is from Trotman, Puurula and Burgess ("Improvements to BM25 and Language
 * Models Examined", ADCS 2014), and is Anserini's default. With Lucene's defaults, 1.2 and b 0.75, MRR is 0.01 to 0.02 lower in three sets
 * of `npm run bench:search` and 0.02 higher in podcast B.
 */
export const K1 = 0.9;

/** BM25's b: how much the length of a row counts, from 0 to 1. From the same source as K1. */
export const B = 0.4;

/**
 * The share of each word's score that a row gives to the next row, and the decay of that share for each row after it. For each word, a row
 * takes the maximum of its own score and its neighbours' shares. With the sum of all shares, and smaller shares for fewer rows, rows@10 of
 * `npm run bench:search` falls from 75 to 66 % in podcast A.
 */
export const ONWARD = { first: 0.7, decay: 0.65 };

/** The same for the preceding rows. */
export const BACK = { first: 0.5, decay: 0.5 };

/**
 * The score of a word that is a speaker's name, instead of its weight and frequency: a question about what Ann did is rather answered by
 * what Ann says than by her name. Without this and SPEAKER, a long conversation lost 3 points (docs/decisions/search.md).
 */
export const NAME = 0.5;

/** The minimum share of a word's rows in which it names the speaker, for the word to count as a speaker's name. */
export const MIN_NAME_SHARE = 0.5;

/** The factor for a row whose speaker the query names. Without it, rows@5 falls by 2 points in the tuning dialogues and in podcast A. */
export const SPEAKER = 1.4;

/** The factor for a message of the role that the query refers to (roles.ts). Chosen: it changes no figure of `npm run bench:search`. */
export const ROLE = 1.1;

/**
 * The weight of a date in the query, as an inverse document frequency, in rows of that time and in rows that name it: 2 corresponds to a
 * word that one row in seven has. Chosen: it changes no figure of `npm run bench:search`.
 */
export const DATE = 2;

/**
 * The weight of a speaker's name in what has to be covered, as an inverse document frequency. Without it, the share of unanswerable
 * questions that find nothing falls from 58 to 48 % in the English tuning dialogues, as messages.
 */
export const NAMED = 4;

/** The `fullPenaltySize` of every corpus for queries that name a speaker: the rows are then turns of a conversation, as messages are. */
export const TURNS_FULL_PENALTY_SIZE = 400;

/**
 * How far a row is about a speaker whom the query names: "Where did Tom fall?" is not answered by Ann's "I fell", and rather by her "You
 * fell" than by a row about neither. Tom's own rows are about him, except for his questions ("Did you fall?"). With 1 for the speaker's own
 * rows and 0.4 for all others, 45 instead of 65 % of the unanswerable questions find nothing at the threshold where 10 % of the answerable
 * ones do, in the English tuning dialogues.
 */
export const ABOUT_NAMED = { own: 1, ownQuestion: 0.3, addressed: 0.7, neither: 0.4, othersOwn: 0.15 };

/** How far a row has to be about the named speaker to cover the name. */
export const MIN_ABOUT_NAMED = 0.5;
