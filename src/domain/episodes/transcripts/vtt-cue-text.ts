import { decodeHTMLStrict } from 'entities';
import { cleanName, cleanText } from './clean-text.ts';
import type { TimedWord } from './segments.ts';
import { parseTimestamp } from './timestamps.ts';

/** What one voice says within a cue. `words` are there where the cue has time stamps. */
export type VoiceSpan = { speaker: string | null; text: string; words: TimedWord[] | null };

/** A time stamp, at an offset of the span's raw text. */
type TimeMark = { offset: number; seconds: number };
type RawSpan = { speaker: string | null; raw: string; marks: TimeMark[] };
/** A moment at which so many characters, white space apart, have been said. */
type SpokenPoint = { spoken: number; seconds: number };

/** Text, or a tag: it begins like one and closes. Every other `<` is text, as people write it unescaped. */
const TOKEN = /<(\/?[a-z0-9.][^<>]*)>|[^<]+|</gi;

/** Reads the text of a cue that lasts from `startSeconds` to `endSeconds`, in linear time. */
export function readCueText(payload: string, startSeconds: number, endSeconds: number): VoiceSpan[] {
  const spans = [startSpan(null)];
  for (const [token, tag] of payload.matchAll(TOKEN)) {
    const span = spans.at(-1) as RawSpan;
    const seconds = tag === undefined ? null : parseTimestamp(tag);
    if (tag === undefined) span.raw += decodeHTMLStrict(token);
    else if (seconds !== null) addMark(span, seconds, startSeconds, endSeconds);
    else if (/^v[\s.]/i.test(tag)) spans.push(startSpan(parseVoiceName(tag)));
    else if (/^\/v$/i.test(tag)) spans.push(startSpan(null));
  }
  return spans.map((span) => toVoiceSpan(span, startSeconds, endSeconds)).filter((span) => span.text !== '');
}

function startSpan(speaker: string | null): RawSpan {
  return { speaker, raw: '', marks: [] };
}

/** `v.loud Ann` is Ann. */
function parseVoiceName(tag: string): string | null {
  return cleanName(decodeHTMLStrict(tag.replace(/^v\S*\s*/i, '')));
}

/** WebVTT demands rising time stamps within the cue; others are passed over. */
function addMark(span: RawSpan, seconds: number, startSeconds: number, endSeconds: number): void {
  const latest = span.marks.at(-1)?.seconds ?? startSeconds;
  if (seconds >= latest && seconds <= endSeconds) span.marks.push({ offset: span.raw.length, seconds });
}

function toVoiceSpan({ speaker, raw, marks }: RawSpan, startSeconds: number, endSeconds: number): VoiceSpan {
  const text = cleanText(raw);
  if (marks.length === 0) return { speaker, text, words: null };
  const points = countSpoken(raw, [
    { offset: 0, seconds: startSeconds },
    ...marks,
    { offset: raw.length, seconds: endSeconds },
  ]);
  return { speaker, text, words: timeWords(raw, interpolateTimes(points)) };
}

function countSpoken(raw: string, marks: readonly TimeMark[]): SpokenPoint[] {
  let [spoken, from] = [0, 0];
  return marks.map(({ offset, seconds }) => {
    spoken += raw.slice(from, offset).replace(/\s+/g, '').length;
    from = offset;
    return { spoken, seconds };
  });
}

function timeWords(raw: string, timeAt: (spoken: number) => number): TimedWord[] {
  const words: TimedWord[] = [];
  let spoken = 0;
  for (const [word] of raw.matchAll(/\S+/g)) {
    const startSeconds = timeAt(spoken);
    spoken += word.length;
    const text = cleanText(word);
    if (text !== '') words.push({ text, startSeconds, endSeconds: timeAt(spoken), confidence: null });
  }
  return words;
}

/** Characters between two marks share the time between them evenly. Ask in rising order: it only moves forward. */
function interpolateTimes(points: readonly SpokenPoint[]): (spoken: number) => number {
  let behind = 0;
  return (spoken) => {
    while (behind + 2 < points.length && (points[behind + 1] as SpokenPoint).spoken <= spoken) behind += 1;
    const [from, to] = [points[behind] as SpokenPoint, points[behind + 1] as SpokenPoint];
    const share = to.spoken > from.spoken ? (spoken - from.spoken) / (to.spoken - from.spoken) : 0;
    return from.seconds + share * (to.seconds - from.seconds);
  };
}
