import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import type { SourceSegment, TimedWord } from '#domain/episodes/transcripts/segments/segments.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { joinSpokenWords } from '#domain/episodes/transcripts/sentences/join-spoken-words.ts';
import { splitLines } from '#domain/episodes/transcripts/text/clean-text.ts';
import { IMPOSSIBLE_END, isPossibleEnd, isTooLate, TOO_LATE } from '#domain/episodes/transcripts/text/timestamps.ts';
import { alignWords } from '#domain/episodes/transcripts/words/align.ts';
import { fillWordTimes, type HeardWord } from '#domain/episodes/transcripts/words/fill-times.ts';
import { countRepeatedFields } from '#domain/text/repeated-fields.ts';
import { countFromFirst } from './calendar.ts';
import {
  type Fields,
  hasUnreadableEnd,
  isFields,
  readProbability,
  readSpeaker,
  readText,
  readTimes,
  readWords,
  speakerOf,
} from './fields.ts';
import { parseJson } from './parse.ts';
import { findSource } from './shapes.ts';
import type { JsonSource } from './source.ts';

/**
 * Reads the JSON of Podcasting 2.0 (`segments[{ speaker, startTime, endTime, body }]`, github.com/Podcastindex-org/
 * podcast-namespace, transcripts.md) and of recognisers (`shapes.ts`), which differ in names: Whisper's
 * `segments[{ start, end, text, avg_logprob, words: [{ word, start, end, probability }] }]` may have its words beside the
 * segments. A file of words, as the namespace's own example, is joined into sentences. An odd value costs no more than
 * itself: a segment without a start begins where its words or the one before say, a word without times is put between its
 * neighbours. Throws InvalidTranscript where the document is no JSON, or has no list of segments or words.
 */
export function readJson(content: string, warnings: ParseWarnings): SourceTurn[] {
  const document = parseJson(content);
  const repeated = countRepeatedFields(content, document);
  if (repeated > 0) warnings.add(null, `${repeated} ${REPEATED}`);
  const source = countFromFirst(findSource(document), warnings);
  if (source.guessed) warnings.add(null, IN_MILLISECONDS);
  const looseWords = readWords(source.words, source.unit);
  if (source.items.length === 0) return toTurns(joinWords(looseWords));
  const turns = readItems(source, warnings);
  if (isWordLevel(turns) && !source.items.some(hasWords)) return toTurns(joinSpokenWords(turns.map(toSegment)));
  return assignWords(turns, fillWordTimes(looseWords, UNKNOWN_TIMES));
}

const UNKNOWN_TIMES = { startSeconds: null, endSeconds: null };

const IN_MILLISECONDS =
  'All times were read as milliseconds, as in seconds nobody speaks so slowly: write them as 1.5 if they are seconds.';

const REPEATED =
  'fields were passed over: one of the same name comes after them in their object, or after what they are in.';

const SHAPE =
  'is no segment: it takes { "startTime": 1.5, "endTime": 3, "body": "…" } (Podcasting 2.0) or ' +
  '{ "start": 1.5, "end": 3, "text": "…" } (Whisper), times as numbers of seconds.';

/** A segment as written; `startSeconds` is null if it has no usable start. */
type WrittenSegment = {
  name: string;
  startSeconds: number | null;
  endSeconds: number | null;
  lines: string[];
  fields: Fields;
  heard: HeardWord[];
};

function readItems({ path, items, unit }: JsonSource, warnings: ParseWarnings): SourceTurn[] {
  const written: WrittenSegment[] = [];
  for (const [index, item] of items.entries()) {
    const name = `${path || 'segments'}[${index}]`;
    const segment = readItem(item, unit);
    if (segment) written.push({ name, ...segment });
    else warnings.passOver(null, `${name} ${SHAPE}`);
  }
  const anyStart = written.some(({ startSeconds }) => startSeconds !== null);
  const turns: SourceTurn[] = [];
  let clock = 0;
  for (const segment of written) {
    if (segment.lines.length === 0) continue;
    if (!anyStart) warnings.passOver(null, `${segment.name} ${SHAPE}`);
    else if (isTooLate(segment.startSeconds ?? 0)) warnings.passOver(null, `${segment.name} ${TOO_LATE}`);
    else {
      const turn = toTurn(segment, clock, warnings);
      clock = Math.max(turn.startSeconds, turn.endSeconds ?? turn.startSeconds);
      turns.push(turn);
    }
  }
  return turns;
}

/** Returns null for anything but a segment. A segment without text is valid, and empty. */
function readItem(source: unknown, unit: number): Omit<WrittenSegment, 'name'> | null {
  const item = Array.isArray(source) ? readTuple(source) : source;
  if (!isFields(item)) return null;
  const heard = readWords(item.words ?? item.tokens ?? toWordFields(item.timestamps), unit);
  const times = readTimes(item, unit);
  const text = readText(item, heard);
  if (text === null) return null;
  const startSeconds = times.startSeconds ?? heard.find((word) => word.startSeconds !== null)?.startSeconds ?? null;
  return { startSeconds, endSeconds: times.endSeconds, lines: splitLines(text), fields: item, heard };
}

/** Auphonic lists the words of a segment as ["word", start, end, confidence]. */
const toWordFields = (timestamps: unknown): Fields[] =>
  (Array.isArray(timestamps) ? timestamps.filter(Array.isArray) : []).map(([text, start, end, confidence]) => ({
    text,
    start,
    end,
    confidence,
  }));

/** A segment of faster-whisper as a tuple: its number, where it was sought, its start, its end and its text. */
function readTuple([_id, _seek, start, end, text]: unknown[]): Fields | null {
  const isTuple = typeof start === 'number' && typeof end === 'number' && typeof text === 'string';
  return isTuple ? { start, end, text } : null;
}

function toTurn(
  { name, lines, fields, heard, ...times }: WrittenSegment,
  clock: number,
  warnings: ParseWarnings,
): SourceTurn {
  const startSeconds = times.startSeconds ?? clock;
  if (times.startSeconds === null) warnings.add(null, `${name} has no start: it was put after the one before it.`);
  const isEnd = times.endSeconds === null || isPossibleEnd(startSeconds, times.endSeconds);
  if (!isEnd) warnings.add(null, `${name} ${IMPOSSIBLE_END}`);
  if (hasUnreadableEnd(fields)) warnings.add(null, `${name} has an end that cannot be read: it was estimated.`);
  const endSeconds = (isEnd ? times.endSeconds : null) ?? findLastEnd(heard, startSeconds);
  return {
    startSeconds,
    endSeconds,
    lines,
    speaker: readSpeaker(speakerOf(fields)),
    confidence: readConfidence(fields),
    words: alignWords(lines.join(' '), fillWordTimes(heard, { startSeconds, endSeconds })),
  };
}

/** Returns the end of the last word that has one, if that is possible. */
function findLastEnd(heard: readonly HeardWord[], startSeconds: number): number | null {
  const end = heard.findLast((word) => word.endSeconds !== null)?.endSeconds ?? null;
  return end !== null && isPossibleEnd(startSeconds, end) ? end : null;
}

/** Whisper's avg_logprob is the mean natural logarithm of the probabilities of its tokens (openai/whisper, decoding.py). */
function readConfidence({ avg_logprob, avgLogprob, confidence }: Fields): number | null {
  const logarithm = avg_logprob ?? avgLogprob;
  return typeof logarithm === 'number' ? readProbability(Math.exp(logarithm)) : readProbability(confidence);
}

/**
 * Assigns words that OpenAI's API lists beside the segments, without punctuation, each to the segment around its
 * middle.
 */
function assignWords(turns: readonly SourceTurn[], words: readonly TimedWord[]): SourceTurn[] {
  let next = 0;
  return turns.map((turn, index) => {
    if (next >= words.length) return turn;
    const end = turn.endSeconds ?? turns[index + 1]?.startSeconds ?? Number.POSITIVE_INFINITY;
    const own: TimedWord[] = [];
    for (let word = words[next]; word && middleOf(word) < end; word = words[next]) {
      own.push(word);
      next += 1;
    }
    return { ...turn, words: turn.words ?? alignWords(turn.lines.join(' '), own) };
  });
}

function middleOf(word: TimedWord): number {
  return (word.startSeconds + word.endSeconds) / 2;
}

/** Whether a segment lists its words, or says that it has no times of them (null), as `formats/caption-writers.ts` does. */
const hasWords = (item: unknown): boolean => isFields(item) && item.words !== undefined;

/** Whether most segments hold one word only. */
function isWordLevel(turns: readonly SourceTurn[]): boolean {
  const single = turns.filter(({ lines }) => lines.length === 1 && !lines[0]?.includes(' ')).length;
  return turns.length > 1 && single > turns.length / 2;
}

function joinWords(words: readonly HeardWord[]): SourceSegment[] {
  const timed = fillWordTimes(words, UNKNOWN_TIMES);
  return joinSpokenWords(
    timed.map((word, index) => ({ ...word, speaker: words[index]?.speaker ?? null, words: null })),
  );
}

function toSegment({ lines, ...turn }: SourceTurn): SourceSegment {
  return { ...turn, text: lines.join(' ') };
}

function toTurns(segments: readonly SourceSegment[]): SourceTurn[] {
  return segments.map(({ text, ...segment }) => ({ ...segment, lines: [text] }));
}
