import { findApplication } from './applications.ts';
import { type Fields, isFields, listOf, readSpeaker } from './fields.ts';
import { isGoogle, readGoogle } from './google.ts';
import { nameSpeakers } from './name-speakers.ts';
import { type JsonSource, SECONDS, toWords } from './source.ts';
import { readSeconds } from './times.ts';

/**
 * Finds what a recogniser has heard in a document of its own shape; null where the document is none that is known. Amazon
 * Transcribe, Speechmatics and Rev have punctuation as items of its own, Google and Azure alternatives, Vosk results, YouTube events.
 */
export function findRecogniser(document: unknown): JsonSource | null {
  if (Array.isArray(document)) return document.every(isVosk) ? toWords(document.flatMap(voskWords)) : null;
  if (!isFields(document)) return null;
  const { results, monologues, events, timestamp } = document;
  if (isFields(results) && Array.isArray(results.items)) return toWords(readTokens(results.items, readLabels(results)));
  if (Array.isArray(results) && results.some(isToken)) return toWords(readTokens(results, new Map()));
  if (Array.isArray(results) && results.some(isGoogle)) return readGoogle(results);
  if (Array.isArray(monologues))
    return toWords(nameSpeakers(listOf(monologues), document.speakers).flatMap(readMonologue));
  if (Array.isArray(events) && events.some(isEvent))
    return { ...SECONDS, path: 'events', items: events.filter(isEvent).flatMap(readEvent) };
  if (isFields(timestamp) && Array.isArray(timestamp.segment))
    return { ...SECONDS, path: 'timestamp.segment', items: timestamp.segment, words: timestamp.word };
  const application = findApplication(document);
  if (application) return application;
  if (isVosk(document)) return toWords(voskWords(document));
  return readAzure(document);
}

/** A word, or a mark of punctuation, as Amazon Transcribe and Speechmatics have them. */
const isToken = (item: unknown): boolean =>
  isFields(item) && Array.isArray(item.alternatives) && (item.type === 'word' || item.type === 'pronunciation');

/** Returns words with the punctuation behind them; `labels` say who speaks at a time, where words do not. */
function readTokens(items: unknown[], labels: ReadonlyMap<unknown, unknown>): Fields[] {
  const words: Fields[] = [];
  for (const item of listOf(items)) {
    const [best] = listOf(item.alternatives);
    const text = typeof best?.content === 'string' ? best.content : '';
    const last = words.at(-1);
    if (item.type === 'punctuation' && last) last.text = `${last.text}${text}`;
    else if (text !== '' && item.type !== 'punctuation') {
      const speaker = item.speaker_label ?? best?.speaker ?? labels.get(item.start_time) ?? item.channel ?? null;
      const confidence = Number(best?.confidence);
      words.push({ text, start: item.start_time, end: item.end_time, speaker, confidence });
    }
  }
  return words;
}

/** Amazon Transcribe names speakers and channels beside the words, by the times of these. */
function readLabels(results: Fields): Map<unknown, unknown> {
  const labels = new Map<unknown, unknown>();
  const { speaker_labels: speakers, channel_labels: channels } = results;
  const parts = [
    ...listOf(isFields(speakers) && speakers.segments),
    ...listOf(isFields(channels) && channels.channels),
  ];
  for (const { items, speaker_label, channel_label } of parts) {
    for (const item of listOf(items)) labels.set(item.start_time, item.speaker_label ?? speaker_label ?? channel_label);
  }
  return labels;
}

/** Rev's elements have texts and marks; a mark belongs to the text before it. */
function readMonologue({ speaker, elements }: Fields): Fields[] {
  const words: Fields[] = [];
  for (const { type, value, ts, end_ts: end, confidence } of listOf(elements)) {
    const last = words.at(-1);
    if (typeof value !== 'string') continue;
    if (type === 'punct') {
      if (last) last.text = `${last.text}${value.trim()}`;
    } else words.push({ text: value, start: ts, end, confidence, speaker });
  }
  return words;
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

const voskWords = (document: unknown): Fields[] =>
  isFields(document)
    ? listOf(document.result).map(({ word, start, end, conf }) => ({ text: word, start, end, confidence: conf }))
    : [];

/** Azure's phrases, of a batch or at once: times in ticks of 100 ns, milliseconds, or as ISO 8601 writes durations. */
function readAzure({ recognizedPhrases, phrases }: Fields): JsonSource | null {
  const list = [recognizedPhrases, phrases].find((each) => Array.isArray(each) && each.some(isPhrase));
  if (!list) return null;
  const items = listOf(list).map((phrase) => {
    const [best = {}] = listOf(phrase.nBest);
    const { text, confidence } = {
      text: phrase.text ?? best.display ?? best.lexical,
      confidence: phrase.confidence ?? best.confidence,
    };
    const words = [phrase.words, best.displayWords, best.words].find(Array.isArray);
    const heard = listOf(words).map((word) => ({
      word: word.text ?? word.displayText ?? word.word,
      ...readAzureTimes(word),
    }));
    return { ...readAzureTimes(phrase), text, confidence, speaker: readSpeaker(phrase.speaker), words: heard };
  });
  return { ...SECONDS, path: recognizedPhrases === list ? 'recognizedPhrases' : 'phrases', items };
}

const isPhrase = (phrase: unknown): boolean =>
  isFields(phrase) && [phrase.offset, phrase.offsetInTicks, phrase.offsetMilliseconds].some((value) => value != null);

function readAzureTimes(fields: Fields): Fields {
  const read = (name: string, milliseconds: unknown) => {
    if (typeof milliseconds === 'number') return milliseconds / 1000;
    const ticks = fields[`${name}InTicks`];
    return typeof ticks === 'number' ? ticks / 1e7 : readSeconds(fields[name]);
  };
  return { start: read('offset', fields.offsetMilliseconds), duration: read('duration', fields.durationMilliseconds) };
}
