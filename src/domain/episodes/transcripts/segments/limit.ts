import { InvalidTranscript } from './invalid-transcript.ts';
import type { SourceSegment } from './segments.ts';

/** Over 50 hours in captions of 4 s; it bounds what one import writes. */
export const MAX_SEGMENTS = 50_000;

/**
 * Adds a segment to those of a source, if it has text. Throws InvalidTranscript at the first that is too many, as 20 MB
 * hold 1.6 million cues of one letter, which took 1.5 GB.
 */
export function addSegment(segments: SourceSegment[], segment: SourceSegment): void {
  if (segment.text === '') return;
  assertWithinLimit(segments.length + 1);
  segments.push(segment);
}

/** Throws InvalidTranscript for more than MAX_SEGMENTS. */
export function assertWithinLimit(segments: number): void {
  if (segments <= MAX_SEGMENTS) return;
  throw new InvalidTranscript(
    `A transcript takes up to ${MAX_SEGMENTS.toLocaleString('en')} segments, and this one has more; send it in parts.`,
  );
}
