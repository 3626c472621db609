import { cleanName } from '#domain/episodes/transcripts/speakers/names.ts';
import { cleanText } from '#domain/episodes/transcripts/text/clean-text.ts';
import { CLOCK, narrowClocks, parseTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import type { HeardWord } from '#domain/episodes/transcripts/words/fill-times.ts';
import { durationOf, isSaidIn } from './durations.ts';
import { DURATION_NAMES, END_NAMES, readNamedTime, START_NAMES } from './time-names.ts';

/** An object of a JSON document. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the objects of a list, none where it is no list. */
export const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/**
 * Reads where a segment or word begins and ends, in seconds: `startTime` and `endTime` (Podcasting 2.0), `start` and `end`
 * or a duration, names with a unit (`startMs`, `durationSeconds`), `offsets` in milliseconds (whisper.cpp), `timestamp` (Transformers).
 * `unit` is that of plain numbers, in seconds.
 */
export function readTimes(fields: Fields, unit: number): { startSeconds: number | null; endSeconds: number | null } {
  const { offsets, timestamp } = fields;
  if (isFields(offsets))
    return { startSeconds: readTime(offsets.from, 0.001), endSeconds: readTime(offsets.to, 0.001) };
  if (Array.isArray(timestamp))
    return { startSeconds: readTime(timestamp[0], 1), endSeconds: readTime(timestamp[1], 1) };
  const [start, end] = splitRange(startOf(fields));
  const plainStart = readTime(start, unit);
  const startSeconds = plainStart ?? readNamedTime(fields, START_NAMES, readTime);
  const endSeconds = readTime(endOf(fields) ?? end, unit) ?? readNamedTime(fields, END_NAMES, readTime);
  if (endSeconds !== null || startSeconds === null) return { startSeconds, endSeconds };
  const written = durationOf(fields);
  // Beside a start that is called one in milliseconds, a whole number counts these, too, if the text is said in them.
  const isInMs = plainStart === null && START_NAMES.inMilliseconds.some((name) => fields[name] != null);
  const isDurationInMs = isInMs && Number.isInteger(written) && isSaidIn(fields, Number(written));
  const duration = readTime(written, isDurationInMs ? 0.001 : unit) ?? readNamedTime(fields, DURATION_NAMES, readTime);
  return { startSeconds, endSeconds: duration === null ? null : startSeconds + duration };
}

/** Two clocks in one text, in brackets or not, as models write them when they are asked to transcribe. */
const RANGE = new RegExp(`^\\s*\\[?(${CLOCK})\\]?\\s*(?:-->|[-–—])\\s*\\[?(${CLOCK})\\]?\\s*$`);
const IN_BRACKETS = /^\s*\[([^[\]]{1,40})\]\s*$/;

function splitRange(value: unknown): [start: unknown, end: unknown] {
  if (typeof value !== 'string') return [value, undefined];
  const [, start, end] = RANGE.exec(narrowClocks(value)) ?? [];
  return start === undefined ? [IN_BRACKETS.exec(value)?.[1] ?? value, undefined] : [start, end];
}

/**
 * Fireflies, Google and others write `start_time`; Recall has it in `start_timestamp`, from the beginning; youtube-transcript as `offset`,
 * Happy Scribe as `data_start`, Trint as `time`, Fathom and models as `timestamp`.
 */
export function startOf({
  startTime,
  start,
  start_time,
  start_timestamp: at,
  data_start,
  time,
  timestamp,
  offset,
}: Fields): unknown {
  const named = startTime ?? start ?? start_time ?? (isFields(at) ? at.relative : at);
  return named ?? data_start ?? time ?? timestamp ?? offset;
}

export const endOf = ({ endTime, end, end_time, end_timestamp: at, data_end }: Fields): unknown =>
  endTime ?? end ?? end_time ?? (isFields(at) ? at.relative : at) ?? data_end;

/**
 * Returns the speaker of a segment or word, from the fields of all formats: Podlove has a name as `voice` beside a number. Granola names a
 * microphone, or the system.
 */
export const speakerOf = ({
  voice,
  speaker,
  speaker_id,
  speaker_name,
  speakerName,
  participant,
  source,
  channel_index,
  media_channel,
}: Fields): unknown =>
  (typeof voice === 'string' ? voice : null) ??
  speaker ??
  speaker_name ??
  speakerName ??
  speaker_id ??
  participant ??
  (source === 'microphone' || source === 'system' ? source : (channel_index ?? media_channel));

/** 30 years in seconds: anything beyond is not a time of a recording. */
const MAX_SECONDS = 1e9;

/** A number as a text, with a point or a comma, and its unit where it says one. */
const WRITTEN_NUMBER = /^(-?\d{1,12})(?:[.,](\d{1,12}))?\s?(s|sec|secs|seconds?|ms|milliseconds?)?$/i;

/** Reads a number, in a string too, or a clock. */
function readTime(value: unknown, unit: number): number | null {
  if (typeof value === 'number') return Math.abs(value * unit) < MAX_SECONDS ? value * unit : null;
  if (typeof value !== 'string') return null;
  const [, whole, decimals = '0', named] = WRITTEN_NUMBER.exec(value.trim()) ?? [];
  if (whole === undefined) return parseTimestamp(value.trim());
  return Number(`${whole}.${decimals}`) * (named ? (/^m/i.test(named) ? 0.001 : 1) : unit);
}

/** Whether a segment states an end that cannot be read. */
export function hasUnreadableEnd(fields: Fields): boolean {
  const end = endOf(fields);
  return typeof end === 'string' && end.trim() !== '' && readTime(end, 1) === null;
}

/** Reads a name, also in an object; recognisers number those whose names they do not know. */
export function readSpeaker(value: unknown, depth = 2): string | null {
  if (isFields(value) && depth > 0)
    return readSpeaker(
      value.name ?? value.label ?? value.displayName ?? value.display_name ?? value.id ?? null,
      depth - 1,
    );
  return typeof value === 'string' || typeof value === 'number' ? cleanName(String(value)) : null;
}

/** Reads a probability, 0 to 1. */
export function readProbability(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : null;
}

/** What whisper.cpp has among its tokens beside text: `[_BEG_]`, `[_TT_150]`. */
const CONTROL_TOKEN = /^\[_[A-Z]+_(?:\d+)?\]$/;

/** Whether an item of a list of words is punctuation, which belongs to the word before it. */
const isPunctuation = ({ type }: Fields): boolean => type === 'punctuation' || type === 'punct';

/** Reads the words of a list, without those that have no text. */
export function readWords(words: unknown, unit: number): HeardWord[] {
  const heard: HeardWord[] = [];
  for (const fields of listOf(words)) {
    const written = fields.punctuated_word ?? fields.word ?? fields.text ?? fields.value;
    const text = typeof written === 'string' ? cleanText(written) : '';
    const last = heard.at(-1);
    if (text === '' || CONTROL_TOKEN.test(text)) continue;
    if (last && isPunctuation(fields)) last.text += text;
    else
      heard.push({
        text,
        ...readTimes(fields, unit),
        confidence: readSureness(fields),
        speaker: readSpeaker(speakerOf(fields)),
      });
  }
  return heard;
}

/** ElevenLabs has the logarithm of a probability. */
const readSureness = ({ probability, score, confidence, p, logprob }: Fields): number | null =>
  readProbability(probability ?? score ?? confidence ?? p ?? (typeof logprob === 'number' ? Math.exp(logprob) : null));

/** Returns the first field of a text that is one, as some number segments or sentences so; null where all are something else. */
export function readText(
  { body, text, transcript, content, sentence, segment, word, value }: Fields,
  heard: readonly HeardWord[],
): string | null {
  const values = [body, text, transcript, content, sentence, segment, word, value].filter((each) => each != null);
  const found = values.find((each) => typeof each === 'string');
  if (found !== undefined) return found;
  return values.length === 0 || heard.length > 0 ? heard.map((each) => each.text).join(' ') : null;
}
