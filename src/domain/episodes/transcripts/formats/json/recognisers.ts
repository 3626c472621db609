import { findApplication } from './applications.ts';
import { readAzure } from './azure.ts';
import { findCall, resultsOfBatch } from './calls.ts';
import { type Fields, isFields, listOf } from './fields.ts';
import { isGoogle, readGoogle } from './google.ts';
import { readLiveMessages } from './live-messages.ts';
import { nameSpeakers } from './name-speakers.ts';
import { type JsonSource, SECONDS, toWords } from './source.ts';
import { isToken, readLabels, readMonologue, readTokens } from './tokens.ts';
import { isWatson, readWatson } from './watson.ts';

/**
 * Finds what a recogniser has heard in a document of its own shape; null where the document is none that is known. Amazon
 * Transcribe, Speechmatics and Rev have punctuation as items of its own, Google and Azure alternatives, Vosk results, YouTube events.
 */
export function findRecogniser(document: unknown): JsonSource | null {
  const live = readLiveMessages(Array.isArray(document) ? document : [document]);
  if (live) return live;
  if (Array.isArray(document)) return readVosk(document);
  if (!isFields(document)) return null;
  const { results, monologues, events, timestamp } = document;
  if (isFields(results) && Array.isArray(results.items)) return toWords(readTokens(results.items, readLabels(results)));
  if (Array.isArray(results) && results.some(isToken)) return toWords(readTokens(results, new Map()));
  if (Array.isArray(results) && results.some(isWatson)) return readWatson(document);
  if (Array.isArray(results) && results.some(isGoogle)) return readGoogle(results);
  const batch = resultsOfBatch(results);
  if (Array.isArray(batch) && batch.some(isGoogle)) return readGoogle(batch);
  if (Array.isArray(monologues))
    return toWords(nameSpeakers(listOf(monologues), document.speakers).flatMap(readMonologue));
  if (Array.isArray(events) && events.some(isEvent))
    return { ...SECONDS, path: 'events', items: events.filter(isEvent).flatMap(readEvent) };
  if (isFields(timestamp) && Array.isArray(timestamp.segment))
    return { ...SECONDS, path: 'timestamp.segment', items: timestamp.segment, words: timestamp.word };
  const application = findApplication(document) ?? findCall(document);
  if (application) return application;
  return readVosk([document]) ?? readAzure(document);
}

/** An event of YouTube's json3 in which something is said; others open windows, or end lines. */
const isEvent = (event: unknown): event is Fields =>
  isFields(event) && listOf(event.segs).some(({ utf8 }) => typeof utf8 === 'string' && utf8.trim() !== '');

function readEvent({ tStartMs, dDurationMs, segs }: Fields): Fields[] {
  const start = Number(tStartMs) / 1000;
  const pieces = listOf(segs).filter(({ utf8 }) => typeof utf8 === 'string');
  const text = pieces.map(({ utf8 }) => utf8).join('');
  const words = pieces.map(({ utf8, tOffsetMs }) => ({ word: utf8, start: start + Number(tOffsetMs ?? 0) / 1000 }));
  const isTimed = pieces.some(({ tOffsetMs }) => tOffsetMs !== undefined);
  return [{ start, duration: Number(dDurationMs) / 1000, text, ...(isTimed ? { words } : {}) }];
}

/** Vosk has words beside their text, and an empty text alone where nothing was heard. */
const isVosk = (document: unknown): boolean =>
  isFields(document) &&
  typeof document.text === 'string' &&
  (document.text === ''
    ? Object.values(document).every(isNothing)
    : listOf(document.result).some(({ word, start }) => word !== undefined && start !== undefined));

const isNothing = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : typeof value !== 'object' || value === null;

/** Lines of Vosk, also with what it took a piece of speech for while it still listened. */
function readVosk(lines: readonly unknown[]): JsonSource | null {
  const final = lines.filter((line) => !isFields(line) || typeof line.partial !== 'string');
  return final.length > 0 && final.every(isVosk) ? toWords(final.flatMap(voskWords)) : null;
}

const voskWords = (document: unknown): Fields[] =>
  isFields(document)
    ? listOf(document.result).map(({ word, start, end, conf }) => ({ text: word, start, end, confidence: conf }))
    : [];
