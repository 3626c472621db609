import { cleanText } from './clean-text.ts';
import { type Cue, readCues } from './cues.ts';
import type { ReadResult, SourceSegment } from './segments.ts';
import { readCueText } from './vtt-cue-text.ts';

/**
 * Reads WebVTT (W3C Candidate Recommendation, 4 April 2019): voices are speakers, other tags are taken out, entities
 * are decoded, NOTE, STYLE and REGION blocks and cue settings are passed over, time stamps inside a cue become word
 * times. A missing `WEBVTT` line is forgiven. A cue with several voices becomes several segments that share its time.
 */
export function readVtt(content: string): ReadResult {
  const { cues, problem } = readCues(content, {
    blankLineEndsCue: true,
    skippedBlock: /^(?:NOTE|STYLE|REGION)(?:\s|$)/,
  });
  return { segments: removeRollUpRepeats(cues).flatMap(segmentsOf), problem };
}

function segmentsOf(cue: Cue): SourceSegment[] {
  const { startSeconds, endSeconds } = cue;
  return readCueText(cue).map((voice) => ({ startSeconds, endSeconds, confidence: null, ...voice }));
}

/** Roll-up captions show a line again within this time of the cue that had it first. YouTube's follow at once. */
const ROLL_UP_SECONDS = 0.1;

/**
 * Removes the repeated lines of roll-up captions, as YouTube's automatic ones are: every cue shows the line before it
 * once more, above the new words, which carry the time stamps. In a file with time stamps, a line equal to the last one
 * of the cue before is that repeat.
 */
function removeRollUpRepeats(cues: Cue[]): Cue[] {
  if (!cues.some((cue) => cue.lines.some(hasTimestamp))) return cues;
  let shown = '';
  let shownUntil = Number.NEGATIVE_INFINITY;
  return cues.map((cue) => {
    const adjoins = cue.startSeconds <= shownUntil + ROLL_UP_SECONDS;
    const lines = cue.lines.filter((line) => hasTimestamp(line) || !adjoins || visibleText(line) !== shown);
    shown = cue.lines.map(visibleText).findLast((line) => line !== '') ?? shown;
    shownUntil = cue.endSeconds;
    return { ...cue, lines };
  });
}

function hasTimestamp(line: string): boolean {
  return /<\d[\d:.]*>/.test(line);
}

function visibleText(line: string): string {
  return cleanText(line.replace(/<[^<>]*>/g, ''));
}
