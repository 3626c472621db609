import type { HeardSegment } from '#adapters/transcriber/transcriber.ts';
import type { TimeRange } from '#domain/episodes/transcripts/segments/segments.ts';
import { endsSentence } from '#domain/text/sentence-ends.ts';

/** Words of a segment without a full stop. */
const MAX_WORDS = 16;

/**
 * Gives a text without times those of the voiced parts of its piece, in proportion to its letters: as segments of a sentence, or of 16
 * words, without word times, by which they are known to be estimated.
 */
export function spreadText(text: string, range: TimeRange, silences: readonly TimeRange[]): HeardSegment[] {
  const voiced = findVoiced(range, silences);
  const pieces = splitText(text);
  const letters = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const seconds = voiced.reduce((sum, part) => sum + part.endSeconds - part.startSeconds, 0);
  let before = 0;
  return pieces.map((piece) => {
    const startSeconds = placeIn(voiced, (seconds * before) / letters, false);
    before += piece.length;
    const endSeconds = placeIn(voiced, (seconds * before) / letters, true);
    return { startSeconds, endSeconds, text: piece, noSpeechProbability: null, confidence: null, words: null };
  });
}

function splitText(text: string): string[] {
  const words = text.split(/\s+/).filter(Boolean);
  const pieces: string[] = [];
  let pending: string[] = [];
  for (const [index, word] of words.entries()) {
    pending.push(word);
    if (pending.length < MAX_WORDS && !endsSentence(word, words[index + 1] ?? '')) continue;
    pieces.push(pending.join(' '));
    pending = [];
  }
  if (pending.length > 0) pieces.push(pending.join(' '));
  return pieces;
}

/** Returns the parts of a range that are no silence; the whole where there are none. */
function findVoiced({ startSeconds, endSeconds }: TimeRange, silences: readonly TimeRange[]): TimeRange[] {
  const voiced: TimeRange[] = [];
  let start = startSeconds;
  for (const silence of silences) {
    if (silence.endSeconds <= startSeconds || silence.startSeconds >= endSeconds) continue;
    if (silence.startSeconds > start) voiced.push({ startSeconds: start, endSeconds: silence.startSeconds });
    start = silence.endSeconds;
  }
  if (start < endSeconds) voiced.push({ startSeconds: start, endSeconds });
  return voiced.length > 0 ? voiced : [{ startSeconds, endSeconds }];
}

/** Returns the place after so many voiced seconds: at a gap its far side, or where something ends there its near one. */
function placeIn(voiced: readonly TimeRange[], seconds: number, isEnd: boolean): number {
  let left = seconds;
  for (const { startSeconds, endSeconds } of voiced) {
    const length = endSeconds - startSeconds;
    if (isEnd ? left <= length + 1e-6 : left < length - 1e-6) return startSeconds + left;
    left -= length;
  }
  return voiced.at(-1)?.endSeconds ?? 0;
}
