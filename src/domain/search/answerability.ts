/** The features by which a query is judged to be answered or not. */
export type AnswerFeatures = {
  /** The largest share of the query that a single row covers, weighted by word, in rows about the speaker whom the query names: 0 to 1. */
  coverage: number;
  /** The same for the words other than the name, whoever the row is about. */
  coverageByAnybody: number;
  /** Whether the query names a speaker. */
  namesSpeaker: boolean;
};

/** The share of a query without a speaker's name that one row has to cover. docs/decisions/search.md lists what this costs and saves. */
const MIN_COVERAGE = 0.25;

/**
 * The coefficients of a logistic regression for queries that name a speaker (`npm run bench:fit-answerability`). Coverage in rows about
 * anybody counts against an answer: then the query asks about the wrong person.
 */
export const LOG_ODDS = { intercept: -0.76, coverage: 4.84, coverageByAnybody: -1.7 };

/**
 * The minimum log odds. A query that matches by the name alone is below it. In the tuning set, it rejects 5 % of the answerable questions
 * that name a speaker, all of which share only the name with their answer, and 54 % of the unanswerable ones.
 */
const MIN_LOG_ODDS = -0.4;

export function isAnswered(features: AnswerFeatures): boolean {
  return logOddsOf(features) >= MIN_LOG_ODDS;
}

/**
 * Returns the log odds that a query is answered; for a query without a speaker's name, a value on a scale of its own with the same
 * threshold.
 */
export function logOddsOf(features: AnswerFeatures): number {
  if (!features.namesSpeaker) return features.coverage - MIN_COVERAGE + MIN_LOG_ODDS;
  return (
    LOG_ODDS.intercept + LOG_ODDS.coverage * features.coverage + LOG_ODDS.coverageByAnybody * features.coverageByAnybody
  );
}
