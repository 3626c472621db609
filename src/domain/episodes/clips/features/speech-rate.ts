import { computeSpeechRate, type Measurements } from '#domain/episodes/clips/measurements.ts';

/**
 * How fast the clip is spoken, against the episode's own rate: 0.5 is its usual, 1 is two standard deviations faster.
 * People speak faster when they are moved, and viewers stay longer with those who speak fairly fast (Guo, Kim and Rubin
 * 2014, on 6.9 million views of lectures). Against the episode's own, as speakers and languages differ more than
 * moments do.
 */
export function speechRate(episode: Measurements, first: number, last: number): number {
  return episode.normalizeRate(computeSpeechRate(episode, first, last));
}
