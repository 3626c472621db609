import { InvalidTranscript } from './invalid-transcript.ts';
import { type Fields, isFields } from './json-fields.ts';

/**
 * Where a JSON document has its segments, and words beside them or instead. `path` names the list; `unit` is that of its
 * numbers, in seconds.
 */
export type JsonSource = { path: string; items: unknown[]; words: unknown; unit: number };

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
  if (Array.isArray(document))
    return { path: '', items: document, words: null, unit: isInMilliseconds(document, false) ? 0.001 : 1 };
  const found = isFields(document) ? (findLists(document) ?? findDeepgram(document.results)) : null;
  if (found) return found;
  throw new InvalidTranscript(
    'A JSON transcript is an object with a list `segments` (Podcasting 2.0 or Whisper verbose JSON), or as whisper.cpp, Deepgram or AssemblyAI write it.',
  );
}

function findLists(document: Fields): JsonSource | null {
  const { words } = document;
  const path = SEGMENT_LISTS.find((name) => Array.isArray(document[name]) && isFilled(document[name], words));
  const items = path === undefined ? [] : (document[path] as unknown[]);
  if (path === undefined && !Array.isArray(words)) return null;
  const timed = path === undefined || path === 'segments' ? words : items;
  const inMilliseconds = isInMilliseconds(path === 'segments' ? items : timed, isAssemblyAi(path, timed));
  return { path: path ?? 'words', items, words, unit: inMilliseconds ? 0.001 : 1 };
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

/** Characters in a unit of time: fewer are speech only if it is a millisecond, and more only if it is a second. */
const [MOST_IN_MILLISECOND, LEAST_IN_SECOND] = [0.04, 0.1];

/** Whether times are milliseconds: what is `expected`, unless most pieces are speech only in the other unit, or some times are no whole numbers. */
function isInMilliseconds(list: unknown, expected: boolean): boolean {
  let [pieces, slow, fast] = [0, 0, 0];
  for (const fields of Array.isArray(list) ? list.filter(isFields) : []) {
    const [start, end] = [fields.startTime ?? fields.start, fields.endTime ?? fields.end];
    const text = fields.body ?? fields.text ?? fields.word;
    if (typeof start !== 'number' || typeof end !== 'number' || typeof text !== 'string') continue;
    if (!Number.isInteger(start) || !Number.isInteger(end)) return expected;
    if (end <= start || text.trim() === '') continue;
    const characters = text.trim().length / (end - start);
    pieces += 1;
    if (characters <= MOST_IN_MILLISECOND) slow += 1;
    else if (characters >= LEAST_IN_SECOND) fast += 1;
  }
  return expected ? fast <= pieces / 2 : slow > pieces / 2;
}

function findDeepgram(results: unknown): JsonSource | null {
  if (!isFields(results)) return null;
  const { utterances, channels } = results;
  if (Array.isArray(utterances) && utterances.length > 0) {
    return { path: 'results.utterances', items: utterances, words: null, unit: 1 };
  }
  if (!Array.isArray(channels)) return null;
  const words = channels.flatMap(readChannelWords);
  if (channels.length > 1) words.sort((a, b) => Number(a.start) - Number(b.start) || 0);
  return { path: 'results.channels', items: [], words, unit: 1 };
}

/** Each channel is a speaker's where words do not name them. */
function readChannelWords(channel: unknown, index: number, { length }: readonly unknown[]): Fields[] {
  const alternatives = isFields(channel) ? channel.alternatives : null;
  const [best] = Array.isArray(alternatives) ? alternatives : [];
  const words = isFields(best) && Array.isArray(best.words) ? best.words.filter(isFields) : [];
  return length > 1 ? words.map((word) => ({ speaker: index, ...word })) : words;
}
