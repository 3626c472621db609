import { openCodeFences } from './formats/code-fences.ts';
import { detectFormat } from './formats/detect.ts';
import { READERS } from './formats/formats.ts';
import { ParseWarnings } from './formats/parse-warnings.ts';
import { InvalidTranscript } from './segments/invalid-transcript.ts';
import { assertWithinLimit } from './segments/limit.ts';
import { normalizeSegments } from './segments/normalize.ts';
import type { ParsedSegment, TranscriptFormat } from './segments/segments.ts';
import { assignSpeakers } from './speakers/assign.ts';

/** What holds a transcript inside of something else. */
const OTHERS: readonly [RegExp, string][] = [
  [/^\s*\{\\rtf/, 'RTF'],
  [/^PK\p{Cc}\p{Cc}/u, 'a document of Word or a ZIP archive'],
  [/^%PDF-/, 'a PDF'],
  [/^\s*<(?:!doctype html|html)[\s>]/i, 'a page in HTML'],
  [/^\s*File type = "ooTextFile/, 'a TextGrid of Praat'],
  [/^\s*Scenarist_SCC/, 'a file of captions of Scenarist (SCC)'],
  [/^\d{3}STL\d\d/, 'a file of captions of the EBU (STL)'],
  [/^\s*(?:<\?xml[^>]{0,200}>\s*)?<ANNOTATION_DOCUMENT[\s>]/, 'a document of ELAN'],
  [/^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!DOCTYPE Trans[^>]{0,200}>\s*)?<Trans[\s>]/, 'a document of Transcriber'],
];

/** A first start, six hours, that is more likely a time of the day. */
const LATE_SECONDS = 6 * 3600;
const LATE =
  'Nothing is said for more than six hours: if these are times of a day, count them from the beginning of the recording.';

/**
 * Reads a transcript into segments in order of time: none overlaps the next, none is empty, all times are finite, at
 * least 0 and whole milliseconds (`segments/normalize.ts` says how contradictions are settled). Parts that cannot be
 * read are passed over as long as anything can, and told in `warnings`. The content says what is SRT, WebVTT and text,
 * whatever `format` says. Takes time linear in the length of `content`.
 *
 * Throws InvalidTranscript, with the first line that could not be read, where no usable segment is found, and where
 * there are more than MAX_SEGMENTS.
 */
export function parseTranscript(
  format: TranscriptFormat,
  content: string,
  warnings: ParseWarnings = new ParseWarnings(),
): ParsedSegment[] {
  const text = openCodeFences(content.replace(/^\uFEFF/, ''), warnings);
  const found = detectFormat(format, text);
  const other = found === 'HTML' ? undefined : OTHERS.find(([begin]) => begin.test(text));
  if (other) throw new InvalidTranscript(`This is ${other[1]}: save it as plain text, SRT or VTT.`, 1);
  const segments = normalizeSegments(assignSpeakers(READERS[found].read(text, warnings)));
  if (segments.length === 0) {
    const [first] = warnings.list;
    throw new InvalidTranscript(first?.message ?? READERS[found].nothingFound, first?.line ?? 1);
  }
  assertWithinLimit(segments.length);
  if (segments.length > 1 && (segments[0]?.startSeconds ?? 0) > LATE_SECONDS) warnings.add(null, LATE);
  return segments;
}
