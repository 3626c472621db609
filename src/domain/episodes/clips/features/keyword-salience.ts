import type { Measurements } from '#domain/episodes/clips/measurements.ts';

/**
 * How much the clip's content words say what this part of the episode is about: their mean TF-IDF weight, against the
 * episode's stretches of about 30 s (0.5 is the usual). Small talk shares its words with all of the episode; a subject
 * has its own. The measure behind most extractive summaries (Luhn 1958; Salton and Buckley 1988).
 */
export function keywordSalience(episode: Measurements, first: number, last: number): number {
  const { contentWeight, contentWords, normalizeSalience: salienceStanding } = episode;
  return salienceStanding(contentWeight(first, last) / Math.max(1, contentWords(first, last)));
}
