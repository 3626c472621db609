import type { Measurements } from '#domain/episodes/clips/measurements.ts';
import { clampToUnit } from '#domain/episodes/clips/statistics.ts';
import { FILLER_PHRASES, FILLERS } from '#domain/text/word-lists.ts';

/** Twice the 6 disfluencies in 100 words of ordinary conversation (Bortfeld et al. 2001). */
const WORST_FILLER_SHARE = 0.12;

/**
 * The share of fillers ("um", "you know", "כאילו") turned round: 1 without any, 0 from 12 in 100 words on. Who
 * listens to how something is said takes a speaker who uses many for nervous and unprepared (Christenfeld 1995).
 */
export function fluency({ words, fillers }: Measurements, first: number, last: number): number {
  return 1 - clampToUnit(fillers(first, last) / Math.max(1, words(first, last)) / WORST_FILLER_SHARE);
}

/**
 * Counts the fillers among a sentence's words, which are in small letters; a phrase of two words counts twice, as it
 * takes two. A sentence that only says the one before it again is all filler: stutters, and the loops that recognisers
 * fall into in silence.
 */
export function countFillers(tokens: readonly string[], before: readonly string[]): number {
  if (tokens.join(' ') === before.join(' ')) return tokens.length;
  let fillers = 0;
  for (const [index, token] of tokens.entries()) {
    if (FILLERS.has(token)) fillers += 1;
    if (FILLER_PHRASES.has(`${token} ${tokens[index + 1]}`)) fillers += 2;
  }
  return fillers;
}
