import { MICRODVD_LINE } from './read-microdvd.ts';
import { TABLE_HEADER } from './read-table.ts';
import type { TranscriptFormat } from './segments.ts';
import { CLOCK } from './timestamps.ts';

/** What a file can be, beside what it can be called. */
export type SourceFormat = TranscriptFormat | 'ASS' | 'XML' | 'TABLE' | 'MICRODVD';

/** The first line of times, with what stands before the decimals of its start. */
const FIRST_TIMES = new RegExp(`^[^\\S\\r\\n]*${CLOCK.replace('[.,]', '([.,])')}[^\\S\\r\\n]*-->`, 'm');

/** Characters that are looked at. */
const HEAD_CHARACTERS = 100_000;

/** The beginning of Advanced SubStation Alpha, and that of captions in XML. */
const [ASS, XML] = [
  /^[ \t]*\[Script Info\]|^Dialogue:[ \t]*(?:Marked=)?\d+,\d+:\d+/im,
  /^\s*<(?:\?xml|(?:[a-z]{1,10}:)?tt|timedtext|transcript|sami)[\s>]/i,
];

/**
 * Returns the format that a transcript has by its content, as captions are called .srt, .vtt and .txt alike: WebVTT says so
 * in its first line, and SubRip has a comma in its times. Where the content does not say, it is what it is called.
 */
export function detectFormat(named: TranscriptFormat, content: string): SourceFormat {
  if (/^\s*WEBVTT(?:\s|$)/.test(content)) return 'VTT';
  if (named === 'JSON' && /^\s*[[{]/.test(content)) return 'JSON';
  const head = content.slice(0, HEAD_CHARACTERS);
  const firstLine = /\S[^\r\n]*/.exec(head)?.[0] ?? '';
  if (XML.test(head)) return 'XML';
  if (ASS.test(head)) return 'ASS';
  if (TABLE_HEADER.test(firstLine)) return 'TABLE';
  if (MICRODVD_LINE.test(firstLine)) return 'MICRODVD';
  if (/^\s*[[{]/.test(content) && named !== 'TEXT') return named;
  const times = FIRST_TIMES.exec(head);
  if (!times) return named;
  return times[1] === ',' || named !== 'VTT' ? 'SRT' : 'VTT';
}
