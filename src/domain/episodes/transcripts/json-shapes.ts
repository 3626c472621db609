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
  if (Array.isArray(document)) return { path: '', items: document, words: null, unit: 1 };
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
  return { path: path ?? 'words', items, words, unit: isAssemblyAi(path, timed) ? 0.001 : 1 };
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
