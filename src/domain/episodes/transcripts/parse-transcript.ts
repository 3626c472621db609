import { assignSpeakers } from './assign-speakers.ts';
import { detectFormat } from './detect-format.ts';
import { InvalidTranscript } from './invalid-transcript.ts';
import { normalizeSegments } from './normalize-segments.ts';
import { ParseWarnings } from './parse-warnings.ts';
import { readSrt, readVtt } from './read-captions.ts';
import { readJson } from './read-json.ts';
import { readPlainText } from './read-plain-text.ts';
import { assertWithinLimit } from './segment-limit.ts';
import type { ParsedSegment, TranscriptFormat } from './segments.ts';
import type { SourceTurn } from './source-turns.ts';

const readers: Record<TranscriptFormat, (content: string, warnings: ParseWarnings) => SourceTurn[]> = {
  SRT: readSrt,
  VTT: readVtt,
  JSON: readJson,
  TEXT: readPlainText,
};

const NOTHING_FOUND: Record<TranscriptFormat, string> = {
  SRT: 'No cue with text was found: a cue is a line of times such as "00:00:01,000 --> 00:00:04,000" and lines of text under it.',
  VTT: 'No cue with text was found: a cue is a line of times such as "00:01.000 --> 00:04.000" and lines of text under it.',
  JSON: 'No segment with text was found: `segments` takes objects with a start in seconds and a text.',
  TEXT: 'No turn has any text: write it under a line such as "Ann: 00:01:30".',
};

/**
 * Reads a transcript into segments in order of time: none overlaps the next, none is empty, all times are finite, at
 * least 0 and whole milliseconds (`normalize-segments.ts` says how contradictions are settled). Parts that cannot be
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
  const text = content.replace(/^\uFEFF/, '');
  const read = detectFormat(format, text);
  const segments = normalizeSegments(assignSpeakers(readers[read](text, warnings)));
  if (segments.length === 0) {
    const [first] = warnings.list;
    throw new InvalidTranscript(first?.message ?? NOTHING_FOUND[read], first?.line ?? 1);
  }
  assertWithinLimit(segments.length);
  return segments;
}
