import { type Measurements, secondsBetween } from '#domain/episodes/clips/measurements.ts';

/** Turns this short are greetings and talking over each other, as in the first minute of most episodes. */
const SHORT_TURN_SECONDS = 6;

/**
 * Whether people talk with each other: 1 where someone's question in the first half is answered by someone else, 0.7
 * where a later one is, 0.4 where the speaker changes, 0 in a monologue or where speakers are unknown; less as turns
 * get short. Question and answer make a whole that needs no context, the pair that conversation itself is built of
 * (Schegloff and Sacks 1973).
 */
export function speakerExchange(episode: Measurements, first: number, last: number): number {
  const { sentences, speakerChanges, answeredQuestions } = episode;
  const changes = speakerChanges(first, last - 1);
  if (changes === 0) return 0;
  const middle = Math.floor((first + last) / 2);
  const answersLater = answeredQuestions(first, last - 1) > 0 ? 0.7 : 0.4;
  const exchange = answeredQuestions(first, Math.min(middle, last - 1)) > 0 ? 1 : answersLater;
  return exchange * Math.min(1, secondsBetween(sentences, first, last) / (changes + 1) / SHORT_TURN_SECONDS);
}
