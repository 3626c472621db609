import { readCueText, SRT_TAG } from './cue-text.ts';
import { type Cue, type CueDialect, readCues } from './cues.ts';
import { joinGrowingCues } from './growing-captions.ts';
import type { ParseWarnings } from './parse-warnings.ts';
import { MAX_ROWS, removeRollUpRepeats } from './roll-up.ts';
import { assertWithinLimit } from './segment-limit.ts';
import type { SourceTurn } from './source-turns.ts';

/** How SRT and VTT are read: as containers of cues, and which tags their text has. */
type CaptionDialect = CueDialect & { isTag(tag: string): boolean };

/**
 * Reads SubRip. It has no standard: this accepts what FFmpeg and VLC accept (srtdec.c), and takes out the tags that
 * converters from other formats leave behind. Throws InvalidTranscript where there are too many segments.
 */
export const readSrt = (content: string, warnings: ParseWarnings): SourceTurn[] =>
  readCaptions(content, { blankLineEndsCue: false, skippedBlock: null, isTag: (tag) => SRT_TAG.test(tag) }, warnings);

/**
 * Reads WebVTT (W3C Candidate Recommendation, 4 April 2019): voices are speakers, NOTE, STYLE and REGION blocks and cue
 * settings are passed over, time stamps inside a cue become word times. A missing `WEBVTT` line is forgiven. A cue with
 * several voices becomes several turns that share its time. Throws InvalidTranscript where there are too many segments.
 */
export const readVtt = (content: string, warnings: ParseWarnings): SourceTurn[] =>
  readCaptions(
    content,
    { blankLineEndsCue: true, skippedBlock: /^(?:NOTE|STYLE|REGION)(?:\s|$)/, isTag: () => true },
    warnings,
  );

const readCaptions = (content: string, dialect: CaptionDialect, warnings: ParseWarnings): SourceTurn[] =>
  readCueTurns(readCues(content, dialect, warnings), dialect.isTag);

/** Reads what cues say, of whatever format they are: without repeats, in voices. Throws InvalidTranscript where there are too many segments. */
export function readCueTurns(source: Iterable<Cue>, isTag = (tag: string): boolean => SRT_TAG.test(tag)): SourceTurn[] {
  const cues: Cue[] = [];
  for (const cue of source) {
    if (cue.lines.length > 0) cues.push(cue);
    assertWithinLimit(cues.length / MAX_ROWS);
  }
  const turns: SourceTurn[] = [];
  for (const cue of joinGrowingCues(removeRollUpRepeats(cues))) {
    const { startSeconds, endSeconds } = cue;
    for (const span of readCueText(cue, isTag)) {
      turns.push({ startSeconds, endSeconds, confidence: null, ...span });
    }
    assertWithinLimit(turns.length);
  }
  return turns;
}
