/** What shows whether a query is answered. */
export type AnswerFeatures = {
  /** How much of the query one row has at most, by weight of the words, about the speaker whom the query names: 0 to 1. */
  coverage: number;
  /** The same of its words beside the name, whomever the row is about. */
  coverageByAnybody: number;
  /** Whether the query names a speaker. */
  namesSpeaker: boolean;
};

/** So much of a query that names no speaker one row has to have. What this costs and spares is in docs/decisions/search.md. */
const MIN_COVERAGE = 0.25;

/**
 * The logarithm of the odds that a query is answered which names a speaker, by logistic regression (`npm run bench:fit-answerability`).
 * What is said of others counts against it: then the wrong person is asked about.
 */
export const LOG_ODDS = { intercept: -0.76, coverage: 4.84, coverageByAnybody: -1.7 };

/**
 * The least of these: a name alone, with no other word of the query, is less. With it 5 % of the answered questions to tune with that
 * name a speaker are refused, all because they share no word but the name with their answer, and 54 % of those without an answer.
 */
const MIN_LOG_ODDS = -0.4;

/** Returns whether a query with such features is answered. */
export function isAnswered(features: AnswerFeatures): boolean {
  return logOddsOf(features) >= MIN_LOG_ODDS;
}

/** Returns the logarithm of the odds that a query is answered; of one that names no speaker, on a scale of its own. */
export function logOddsOf(features: AnswerFeatures): number {
  if (!features.namesSpeaker) return features.coverage - MIN_COVERAGE + MIN_LOG_ODDS;
  return (
    LOG_ODDS.intercept + LOG_ODDS.coverage * features.coverage + LOG_ODDS.coverageByAnybody * features.coverageByAnybody
  );
}
