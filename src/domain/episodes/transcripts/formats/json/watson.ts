import { type Fields, isFields, listOf } from './fields.ts';
import { type JsonSource, toWords } from './source.ts';

/** Whether a result is one of IBM Watson's, whose words are lists: ["hello", 0.5, 0.9]. */
export const isWatson = (result: unknown): boolean =>
  isFields(result) &&
  listOf(result.alternatives).some(({ timestamps }) => Array.isArray(timestamps) && Array.isArray(timestamps[0]));

/** Reads what Watson has heard for good; who speaks is in a list beside it, by when a word begins. */
export function readWatson({ results, speaker_labels }: Fields): JsonSource {
  const speakers = new Map(listOf(speaker_labels).map(({ from, speaker }) => [from, speaker]));
  const final = listOf(results).filter((result) => result.final !== false);
  return toWords(final.flatMap((result) => readResult(result, speakers)));
}

function readResult({ alternatives }: Fields, speakers: ReadonlyMap<unknown, unknown>): Fields[] {
  const [best] = listOf(alternatives);
  const words = Array.isArray(best?.timestamps) ? best.timestamps.filter(Array.isArray) : [];
  return words.map(([text, start, end]) => ({ text, start, end, speaker: speakers.get(start) ?? null }));
}
