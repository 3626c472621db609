import { type Fields, isFields, listOf } from './fields.ts';
import { nameSpeakers } from './name-speakers.ts';
import { type JsonSource, SECONDS, toWords } from './source.ts';

/** Finds the turns in a document of Otter, Spotify or Soniox; null for other documents. */
export function findApplication(document: Fields): JsonSource | null {
  const { speech, transcripts, speakers, section, tokens } = document;
  if (isFields(speech)) return readOtter(speech.transcripts, speech.speakers);
  if (listOf(transcripts).some(isOfOtter)) return readOtter(transcripts, speakers);
  if (listOf(section).some(({ startMs }) => startMs !== undefined)) return readSpotify(listOf(section));
  return listOf(tokens).some(({ start_ms: start }) => typeof start === 'number') ? readSoniox(listOf(tokens)) : null;
}

/** Otter counts samples, of which a second has so many. */
const SAMPLES = 16_000;

const isOfOtter = ({ start_offset: start, transcript }: Fields): boolean =>
  typeof start === 'number' && typeof transcript === 'string';

function readOtter(transcripts: unknown, speakers: unknown): JsonSource | null {
  const list = listOf(transcripts).filter(isOfOtter);
  if (list.length === 0) return null;
  const items = list.map(({ start_offset, end_offset, transcript, speaker_id, speaker_model_label: label }) => ({
    start: Number(start_offset) / SAMPLES,
    end: typeof end_offset === 'number' ? end_offset / SAMPLES : null,
    text: transcript,
    speaker: speaker_id ?? label,
  }));
  return { ...SECONDS, path: 'transcripts', items: nameSpeakers(items, speakers) };
}

/** Reads Spotify's sections: a title is a change of speaker, and the texts follow it. */
function readSpotify(section: readonly Fields[]): JsonSource {
  const items: Fields[] = [];
  let speaker: unknown = null;
  for (const { startMs, title, text } of section) {
    if (isFields(title)) speaker = title.title;
    const { sentence } = isFields(text) ? text : {};
    if (isFields(sentence)) items.push({ start: Number(startMs) / 1000, text: sentence.text, speaker });
  }
  return { ...SECONDS, path: 'section', items };
}

/** Soniox has pieces of words: one that begins with a space begins a word. What it has translated has no times. */
export function readSoniox(tokens: readonly Fields[]): JsonSource {
  const words: Fields[] = [];
  for (const { text, start_ms, end_ms, speaker, confidence } of tokens) {
    if (typeof text !== 'string' || typeof start_ms !== 'number' || /^<\w+>$/.test(text)) continue;
    const last = words.at(-1);
    const end = typeof end_ms === 'number' ? end_ms / 1000 : null;
    if (last && last.speaker === speaker && !/^\s/.test(text))
      Object.assign(last, { text: `${last.text}${text}`, end });
    else words.push({ text, start: start_ms / 1000, end, speaker, confidence });
  }
  return toWords(words);
}
