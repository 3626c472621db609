import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import { areRanges, findAnyList, hasTexts, isPiece } from './any-list.ts';
import { type Fields, isFields, listOf } from './fields.ts';
import { nameSpeakers } from './name-speakers.ts';
import { findRecogniser } from './recognisers.ts';
import type { JsonSource } from './source.ts';
import { nameWordsByRanges } from './speaker-ranges.ts';
import { findTimeUnit } from './time-unit.ts';

/** Lists of segments, by the tools that write them. */
const SEGMENT_LISTS = [
  'speakers', // insanely-fast-whisper, beside its chunks
  'segments', // Podcasting 2.0, Whisper, WhisperX
  'transcription', // whisper.cpp
  'chunks', // Transformers
  'utterances', // AssemblyAI, Deepgram
  'sentences', // AssemblyAI
  'paragraphs', // AssemblyAI
  'transcripts', // Podlove, ElevenLabs
];

/** Finds the segments of a document. Throws InvalidTranscript where it has no list of segments or words. */
export function findSource(document: unknown): JsonSource {
  const recognised = findRecogniser(document);
  if (recognised) return recognised;
  if (Array.isArray(document)) return findInList(document);
  const found = isFields(document) ? findInside(document) : null;
  if (found) return found;
  throw new InvalidTranscript(
    'A JSON transcript is an object with a list `segments` (Podcasting 2.0 or Whisper verbose JSON), or as whisper.cpp, ' +
      'Deepgram, AssemblyAI, Amazon, Google, Azure, Speechmatics, Rev, Gladia, Vosk or YouTube write it.',
  );
}

const findInside = (document: Fields): JsonSource | null =>
  findLists(document) ?? findDeepgram(document.results) ?? findWrapped(document) ?? findUnknown(document);

/** A list is one of segments, or of the transcript of one recording (NeMo). */
function findInList(list: unknown[]): JsonSource {
  const isOfSegments = list.some((item) => !isFields(item) || isPiece(item));
  const documents = isOfSegments ? [] : list.map((item) => findRecogniser(item) ?? findInside(item as Fields));
  const [first] = documents;
  if (first && documents.length === 1) return first;
  if (documents.length > 1 && documents.every((found) => found !== null))
    throw new InvalidTranscript(`These are the transcripts of ${documents.length} recordings; send each of its own.`);
  return { path: '', items: list, words: null, ...findTimeUnit(list, false) };
}

function findUnknown(document: Fields): JsonSource | null {
  const found = findAnyList(document);
  if (!found) return null;
  const unit = findTimeUnit(found.items, false, document);
  return { ...found, items: nameSpeakers(found.items, document.speakers), ...unit };
}

/** Services answer with what was heard inside of what was asked for: Gladia's `result.transcription`, and others. */
const WRAPPERS = ['result', 'transcription', 'transcript', 'data', 'response', 'output', 'speech', 'recording'];

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
  const path = SEGMENT_LISTS.find((name) => {
    const list = document[name];
    return Array.isArray(list) && isFilled(list, words) && (name !== 'speakers' || hasTexts(list));
  });
  const list = path === undefined ? [] : (document[path] as unknown[]);
  if (path === undefined && !Array.isArray(words)) return null;
  const items = path === 'speakers' ? list : nameSpeakers(list, document.speakers);
  if (Array.isArray(words) && words.length > 0 && areRanges(items)) {
    const unit = findTimeUnit(words, false, document);
    return { path: 'words', items: [], words: nameWordsByRanges(words, items, unit.unit), ...unit };
  }
  const timed = path === undefined || path === 'segments' ? words : items;
  const unit = findTimeUnit(path === 'segments' ? items : timed, isAssemblyAi(path, timed), document);
  return { path: path ?? 'words', items, words, ...unit };
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
    return { path: 'results.utterances', items: utterances, words: null, unit: 1, guessed: false };
  }
  if (!Array.isArray(channels)) return null;
  const words = channels.flatMap(readChannelWords);
  if (channels.length > 1) words.sort((a, b) => Number(a.start) - Number(b.start) || 0);
  const items = words.length > 0 ? [] : channels.flatMap(readChannelSentences);
  return { path: 'results.channels', items, words, unit: 1, guessed: false };
}

/** Each channel is a speaker's where words do not name them. */
function readChannelWords(channel: unknown, index: number, { length }: readonly unknown[]): Fields[] {
  const alternatives = isFields(channel) ? channel.alternatives : null;
  const [best] = Array.isArray(alternatives) ? alternatives : [];
  const words = isFields(best) && Array.isArray(best.words) ? best.words.filter(isFields) : [];
  return length > 1 ? words.map((word) => ({ speaker: index, ...word })) : words;
}

/** Without words Deepgram has sentences, in paragraphs of a speaker each. */
function readChannelSentences(channel: unknown): Fields[] {
  const [best] = listOf(isFields(channel) ? channel.alternatives : null);
  const paragraphs = listOf(isFields(best?.paragraphs) ? best.paragraphs.paragraphs : null);
  return paragraphs.flatMap(({ sentences, speaker }) =>
    listOf(sentences).map((sentence) => ({ speaker, ...sentence })),
  );
}
