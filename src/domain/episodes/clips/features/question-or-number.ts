import type { Measurements } from '#domain/episodes/clips/measurements.ts';

/**
 * Whether a question is raised, or a number named. An open question makes people want its answer (Loewenstein 1994, the
 * information gap): it counts fully in the first half of the clip, by half after it, where little of the answer can
 * follow, and not as the last sentence. A number promises something exact to take away.
 */
export function questionOrNumber({ questions, numbers }: Measurements, first: number, last: number): number {
  const middle = Math.floor((first + last) / 2);
  const later = questions(first, last - 1) > 0 ? 0.3 : 0;
  const question = questions(first, Math.min(middle, last - 1)) > 0 ? 0.6 : later;
  const number = numbers(first, last) > 0 ? 0.4 : 0;
  return question + number;
}
