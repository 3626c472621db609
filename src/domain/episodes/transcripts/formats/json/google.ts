import { type Fields, isFields, listOf } from './fields.ts';
import { type JsonSource, SECONDS, toWords } from './source.ts';
import { readSeconds } from './times.ts';

/** Whether a result is one of Google's, which has alternatives. */
export const isGoogle = (result: unknown): boolean => isFields(result) && Array.isArray(result.alternatives);

/**
 * Reads what Google's Speech-to-Text heard, words or results. Where speakers are told apart, the last of Google's results has all words
 * once more; where channels are, each has results of its own, which are one after the other.
 */
export function readGoogle(results: unknown[]): JsonSource {
  const items = readGoogleResults(listOf(results));
  if (items.every(({ words }) => words.length === 0)) return { ...SECONDS, path: 'results', items };
  const lists = items.map((item) => (item.words.length > 0 ? item.words : [item]));
  const [last = [], before] = [lists.at(-1), lists.slice(0, -1).flat()];
  if (items.some(({ speaker }) => speaker !== null)) {
    return toWords(lists.flat().sort((a, b) => Number(a.start) - Number(b.start) || 0));
  }
  const isAllAgain = before.length > 0 && last.length >= before.length && last[0]?.start === before[0]?.start;
  return toWords(isAllAgain ? last : lists.flat());
}

/** What Google heard in a result, whose speaker is its channel, if it has one. */
type GoogleResult = { start: number | null; end: number | null; text: unknown; speaker: unknown; words: Fields[] };

/** A result says only when it ends: it begins where the one before it in its channel ends. */
function readGoogleResults(results: readonly Fields[]): GoogleResult[] {
  const ends = new Map<unknown, number | null>();
  return results.map((result) => {
    const [best = {}] = listOf(result.alternatives);
    const speaker = result.channelTag ?? result.channel_tag ?? null;
    const words = listOf(best.words).map((word): Fields => {
      const read = readGoogleWord(word);
      return { ...read, speaker: read.speaker ?? speaker };
    });
    const start = ends.get(speaker) ?? 0;
    const end = readSeconds(result.resultEndTime ?? result.resultEndOffset ?? result.result_end_time) ?? null;
    ends.set(speaker, end ?? readSeconds(words.at(-1)?.end));
    return { start, end, text: best.transcript, speaker, words };
  });
}

function readGoogleWord({ word, confidence, ...fields }: Fields): Fields {
  const speaker = fields.speakerTag ?? fields.speaker_tag ?? fields.speakerLabel;
  const start = fields.startTime ?? fields.startOffset ?? fields.start_time ?? 0; // what is 0 is left out
  const end = fields.endTime ?? fields.endOffset ?? fields.end_time;
  return {
    text: word,
    start: readSeconds(start),
    end: readSeconds(end),
    confidence,
    speaker: speaker === 0 ? null : speaker,
  };
}
