import { openCodeFences } from './formats/code-fences.ts';
import { detectFormat } from './formats/detect.ts';
import { READERS } from './formats/formats.ts';
import { ParseWarnings } from './formats/parse-warnings.ts';
import { nameUnsupported } from './formats/unsupported.ts';
import { InvalidTranscript } from './segments/invalid-transcript.ts';
import { assertWithinLimit } from './segments/limit.ts';
import { normalizeSegments } from './segments/normalize.ts';
import type { ParsedSegment, TranscriptFormat } from './segments/segments.ts';
import { assignSpeakers } from './speakers/assign.ts';

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
  const unsupported = found === 'HTML' ? null : nameUnsupported(text);
  if (unsupported) throw new InvalidTranscript(unsupported, 1);
  const segments = normalizeSegments(assignSpeakers(READERS[found].read(text, warnings)));
  if (segments.length === 0) {
    const [first] = warnings.list;
    throw new InvalidTranscript(first?.message ?? READERS[found].nothingFound, first?.line ?? 1);
  }
  assertWithinLimit(segments.length);
  if (segments.length > 1 && (segments[0]?.startSeconds ?? 0) > LATE_SECONDS) warnings.add(null, LATE);
  return segments;
}
