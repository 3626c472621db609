import { computeSalience, type Measurements } from '#domain/episodes/clips/measurements.ts';

/**
 * How much the clip's content words say what this part of the episode is about: their mean TF-IDF weight, against the
 * episode's blocks of about 30 s (0.5 is the usual). Small talk shares its words with all of the episode; a subject
 * has its own. The measure behind most extractive summaries (Luhn 1958; Salton and Buckley 1988).
 */
export function keywordSalience(episode: Measurements, first: number, last: number): number {
  return episode.normalizeSalience(computeSalience(episode, first, last));
}
