import type { TranscriptFormat } from './segments.ts';
import { CLOCK } from './timestamps.ts';

/** The first line of times, with what stands before the decimals of its start. */
const FIRST_TIMES = new RegExp(`^[^\\S\\r\\n]*${CLOCK.replace('[.,]', '([.,])')}[^\\S\\r\\n]*-->`, 'm');

/** Characters that are looked at. */
const HEAD_CHARACTERS = 100_000;

/**
 * Returns the format that a transcript has by its content, as captions are called .srt, .vtt and .txt alike: WebVTT says so
 * in its first line, and SubRip has a comma in its times. Where the content does not say, it is what it is called.
 */
export function detectFormat(named: TranscriptFormat, content: string): TranscriptFormat {
  if (/^\s*WEBVTT(?:\s|$)/.test(content)) return 'VTT';
  if (/^\s*[[{]/.test(content) && named !== 'TEXT') return named;
  const times = FIRST_TIMES.exec(content.slice(0, HEAD_CHARACTERS));
  if (!times) return named;
  return times[1] === ',' || named !== 'VTT' ? 'SRT' : 'VTT';
}
