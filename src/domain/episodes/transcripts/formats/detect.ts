import type { TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { CLOCK, narrowClocks } from '#domain/episodes/transcripts/text/timestamps.ts';
import { isElanText } from './annotations/elan-text.ts';
import { isCtm, isStm } from './annotations/nist.ts';
import { AVID_BEGIN } from './captions/avid.ts';
import { isLrc } from './captions/lrc.ts';
import { MICRODVD_LINE } from './captions/microdvd.ts';
import { beginsTable } from './table.ts';
import { HTML_TIME } from './xml/html.ts';

/** The formats that are detected: those that a file can be declared as, and others. */
export type SourceFormat =
  | TranscriptFormat
  | 'ASS'
  | 'XML'
  | 'HTML'
  | 'TABLE'
  | 'MICRODVD'
  | 'LRC'
  | 'AVID'
  | 'ELAN'
  | 'CTM'
  | 'STM';

/** The first line of times, with the separator before the decimals of its start. U+2028 and U+2029 are excluded, since `^` would match again
 * after each of them. */
const FIRST_TIMES = new RegExp(`^[^\\S\\r\\n\\u2028\\u2029]*${CLOCK.replace('[.,]', '([.,])')}[^\\S\\r\\n]*-->`, 'm');

/** The number of characters from which the format is detected. */
const HEAD_CHARACTERS = 100_000;

/** The beginning of Advanced SubStation Alpha, and an event of it. */
const [ASS, ASS_EVENT] = [
  /^\[(?:Script Info|V4\+? Styles|Events)\]\s*$|^(?:Format|Comment|Dialogue):/i,
  /^[ \t]*Dialogue:[ \t]*(?:Marked=)?\d{1,9},[^,\r\n]{0,20},/im,
];

/** The beginning of captions in XML, and a caption of them. */
const [XML, XML_CAPTION] = [
  /^\s*<(?:\?xml|(?:[\w.-]{1,20}:)?tt|timedtext|transcript|sami)[\s>]/i,
  /<(?:[\w.-]{1,20}:)?(?:body|div|p|span|text|sync)\s[^<>]*\b(?:begin|start|t)\s*=/i,
];

/** The beginning of an object of JSON, also in a list. */
const JSON_OBJECT = /^\s*(?:\[\s*)?\{\s*"/;

/**
 * Detects the format of a transcript by its content, because the extensions .srt, .vtt and .txt are not reliable: WebVTT has a first line,
 * SubRip a comma in its times, JSON an object. If the content does not decide, the declared format is returned.
 */
export function detectFormat(named: TranscriptFormat, content: string): SourceFormat {
  if (/^\s*WEBVTT(?:\s|$)/.test(content)) return 'VTT';
  if (JSON_OBJECT.test(content) || (named === 'JSON' && /^\s*[[{]/.test(content))) return 'JSON';
  const head = content.slice(0, HEAD_CHARACTERS);
  const firstLine = /[^\s\p{Cf}][^\r\n]*/u.exec(head)?.[0] ?? '';
  if (XML.test(head) && XML_CAPTION.test(content)) return 'XML';
  if (/^\s*</.test(firstLine) && HTML_TIME.test(content)) return 'HTML';
  if (ASS.test(firstLine) && ASS_EVENT.test(content)) return 'ASS';
  if (beginsTable(firstLine, head)) return 'TABLE';
  if (MICRODVD_LINE.test(firstLine)) return 'MICRODVD';
  if (AVID_BEGIN.test(firstLine)) return 'AVID';
  if (isLrc(firstLine, head)) return 'LRC';
  if (isElanText(firstLine)) return 'ELAN';
  if (isCtm(head)) return 'CTM';
  if (isStm(head)) return 'STM';
  if (/^\s*[[{]/.test(content) && named !== 'TEXT') return named;
  const times = FIRST_TIMES.exec(narrowClocks(head));
  if (!times) return named;
  return times[1] === ',' || named !== 'VTT' ? 'SRT' : 'VTT';
}
