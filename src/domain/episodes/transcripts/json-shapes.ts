import { InvalidTranscript } from './invalid-transcript.ts';
import { endOf, type Fields, isFields, startOf } from './json-fields.ts';
import { findRecogniser } from './json-recognisers.ts';
import type { JsonSource } from './json-source.ts';
import { isNonSpeech } from './non-speech.ts';

/** Lists of segments, by the tools that write them. */
const SEGMENT_LISTS = [
  'segments', // Podcasting 2.0, Whisper, WhisperX
  'transcription', // whisper.cpp
  'chunks', // Transformers
  'utterances', // AssemblyAI, Deepgram
  'sentences', // AssemblyAI
  'paragraphs', // AssemblyAI
];

/** Finds the segments of a document. Throws InvalidTranscript where it has no list of segments or words. */
export function findSource(document: unknown): JsonSource {
  const recognised = findRecogniser(document);
  if (recognised) return recognised;
  if (Array.isArray(document)) return { path: '', items: document, words: null, ...findUnit(document, false) };
  const found = isFields(document)
    ? (findLists(document) ?? findDeepgram(document.results) ?? findWrapped(document))
    : null;
  if (found) return found;
  throw new InvalidTranscript(
    'A JSON transcript is an object with a list `segments` (Podcasting 2.0 or Whisper verbose JSON), or as whisper.cpp, Deepgram, AssemblyAI, Amazon, Google, Azure, Speechmatics, Rev, Gladia, Vosk or YouTube write it.',
  );
}

/** Services answer with what was heard inside of what was asked for: Gladia's `result.transcription`, and others. */
const WRAPPERS = ['result', 'transcription', 'transcript', 'data', 'response', 'output', 'speech'];

/** How deep answers are looked into. */
const MAX_WRAPPERS = 4;

function findWrapped(document: Fields, depth = MAX_WRAPPERS): JsonSource | null {
  if (depth === 0) return null;
  for (const name of WRAPPERS) {
    const inner = document[name];
    const found = isFields(inner)
      ? (findRecogniser(inner) ?? findLists(inner) ?? findDeepgram(inner.results) ?? findWrapped(inner, depth - 1))
      : null;
    if (found) return found;
  }
  return null;
}

function findLists(document: Fields): JsonSource | null {
  const { words } = document;
  const path = SEGMENT_LISTS.find((name) => Array.isArray(document[name]) && isFilled(document[name], words));
  const items = path === undefined ? [] : (document[path] as unknown[]);
  if (path === undefined && !Array.isArray(words)) return null;
  const timed = path === undefined || path === 'segments' ? words : items;
  const unit = findUnit(path === 'segments' ? items : timed, isAssemblyAi(path, timed));
  return { path: path ?? 'words', items: nameSpeakers(items, document.speakers), words, ...unit };
}

/** Premiere and others have the names of speakers in a list of their own. */
function nameSpeakers(items: unknown[], speakers: unknown): unknown[] {
  const list = Array.isArray(speakers) ? speakers.filter(isFields) : [];
  const names = new Map(list.map(({ id, name, label }) => [id, name ?? label]));
  if (names.size === 0) return items;
  return items.map((item) =>
    isFields(item) && names.has(item.speaker) ? { ...item, speaker: names.get(item.speaker) } : item,
  );
}

/** An empty list counts only where there are no words. */
function isFilled(list: unknown, words: unknown): boolean {
  return (Array.isArray(list) && list.length > 0) || !Array.isArray(words);
}

/** AssemblyAI alone counts in milliseconds: whole numbers, beside `text`. */
function isAssemblyAi(path: string | undefined, list: unknown): boolean {
  if (path === 'segments' || path === 'transcription' || path === 'chunks' || !Array.isArray(list)) return false;
  const times = list.filter(isFields).flatMap(({ text, start, end }) => (typeof text === 'string' ? [start, end] : []));
  const numbers = times.filter((time) => typeof time === 'number');
  return numbers.length > 0 && numbers.every(Number.isInteger);
}

/**
 * Finds the unit of times, in seconds: AssemblyAI's are milliseconds unless most pieces are speech only in seconds, others are seconds
 * unless much speaks against it; `guessed` then. Times that are no whole numbers have the unit that is expected.
 */
function findUnit(list: unknown, isAssemblyAi: boolean): Pick<JsonSource, 'unit' | 'guessed'> {
  const pieces = Array.isArray(list) ? readPieces(list.filter(isFields)) : null;
  if (isAssemblyAi) {
    const fast = pieces?.filter(({ rate }) => rate >= LEAST_IN_SECOND).length ?? 0;
    return { unit: pieces && fast > pieces.length / 2 ? 1 : 0.001, guessed: false };
  }
  const guessed = pieces !== null && areInMilliseconds(pieces);
  return { unit: guessed ? 0.001 : 1, guessed };
}

/** Characters in a unit of time: fewer are speech only if it is a millisecond, and more only if it is a second. */
const [MOST_IN_MILLISECOND, LEAST_IN_SECOND] = [0.04, 0.1];

/** Spoken pieces that tell the unit, and where the last of them ends at least, in units: fewer may be chapters of a recording. */
const [MIN_PIECES, MIN_LAST_END] = [5, 10_000];

function areInMilliseconds(pieces: readonly Piece[]): boolean {
  const rates = pieces.map(({ rate }) => rate).sort((a, b) => a - b);
  const median = rates[Math.floor(rates.length / 2)] ?? Number.POSITIVE_INFINITY;
  const isLate = pieces.some(({ end }) => end > MIN_LAST_END);
  return pieces.length >= MIN_PIECES && isLate && median <= MOST_IN_MILLISECOND;
}

/** Something spoken: where it ends, and its characters in a unit of time. */
type Piece = { end: number; rate: number };

/** Returns what is spoken, without sounds; null where times are no whole numbers. */
function readPieces(list: readonly Fields[]): Piece[] | null {
  const pieces: Piece[] = [];
  for (const fields of list) {
    const start = startOf(fields);
    const { duration } = fields;
    const end = endOf(fields) ?? (typeof start === 'number' && typeof duration === 'number' ? start + duration : null);
    const text = fields.body ?? fields.text ?? fields.word;
    if (typeof start !== 'number' || typeof end !== 'number' || typeof text !== 'string') continue;
    if (!Number.isInteger(start) || !Number.isInteger(end)) return null;
    const clean = text.trim();
    if (end > start && clean !== '' && !isNonSpeech(clean)) pieces.push({ end, rate: clean.length / (end - start) });
  }
  return pieces;
}

function findDeepgram(results: unknown): JsonSource | null {
  if (!isFields(results)) return null;
  const { utterances, channels } = results;
  if (Array.isArray(utterances) && utterances.length > 0) {
    return { path: 'results.utterances', items: utterances, words: null, unit: 1, guessed: false };
  }
  if (!Array.isArray(channels)) return null;
  const words = channels.flatMap(readChannelWords);
  if (channels.length > 1) words.sort((a, b) => Number(a.start) - Number(b.start) || 0);
  return { path: 'results.channels', items: [], words, unit: 1, guessed: false };
}

/** Each channel is a speaker's where words do not name them. */
function readChannelWords(channel: unknown, index: number, { length }: readonly unknown[]): Fields[] {
  const alternatives = isFields(channel) ? channel.alternatives : null;
  const [best] = Array.isArray(alternatives) ? alternatives : [];
  const words = isFields(best) && Array.isArray(best.words) ? best.words.filter(isFields) : [];
  return length > 1 ? words.map((word) => ({ speaker: index, ...word })) : words;
}
