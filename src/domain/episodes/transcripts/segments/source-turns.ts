import type { SourceSegment } from './segments.ts';

/**
 * What a source has at one time, before it is known who speaks: `speaker` is whom the format itself names, by a voice tag
 * or a field. Lines are clean text, and there is at least one; `words` are those of the lines.
 */
export type SourceTurn = Omit<SourceSegment, 'text'> & { lines: string[] };
