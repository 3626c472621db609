import { cleanText } from './clean-text.ts';
import { type Cue, readCues } from './cues.ts';
import { addSegment } from './segment-limit.ts';
import type { ParseProblem, ReadResult, SourceSegment } from './segments.ts';
import { readCueText } from './vtt-cue-text.ts';

/**
 * Reads WebVTT (W3C Candidate Recommendation, 4 April 2019): voices are speakers, other tags are taken out, entities
 * are decoded, NOTE, STYLE and REGION blocks and cue settings are passed over, time stamps inside a cue become word
 * times. A missing `WEBVTT` line is forgiven. A cue with several voices becomes several segments that share its time.
 * Throws InvalidTranscript where there are too many segments.
 */
export function readVtt(content: string): ReadResult {
  let problem: ParseProblem | null = null;
  const cues = readCues(content, DIALECT, (first) => (problem = first));
  const segments: SourceSegment[] = [];
  for (const cue of hasTimestamp(content) ? removeRollUpRepeats(cues) : cues) {
    const { startSeconds, endSeconds } = cue;
    for (const voice of readCueText(cue))
      addSegment(segments, { startSeconds, endSeconds, confidence: null, ...voice });
  }
  return { segments, problem };
}

const DIALECT = { blankLineEndsCue: true, skippedBlock: /^(?:NOTE|STYLE|REGION)(?:\s|$)/ };

/** Roll-up captions show a line again within this time of the cue that had it first. YouTube's follow at once. */
const ROLL_UP_SECONDS = 0.1;

/**
 * Removes the repeated lines of roll-up captions, as YouTube's automatic ones are: every cue shows the line before it
 * once more, above the new words, which carry the time stamps. In a file with time stamps, a line equal to the last one
 * of the cue before is that repeat.
 */
function* removeRollUpRepeats(cues: Iterable<Cue>): Generator<Cue> {
  let shown = '';
  let shownUntil = Number.NEGATIVE_INFINITY;
  for (const cue of cues) {
    const adjoins = cue.startSeconds <= shownUntil + ROLL_UP_SECONDS;
    const lines = cue.lines.filter((line) => hasTimestamp(line) || !adjoins || visibleText(line) !== shown);
    shown = cue.lines.map(visibleText).findLast((line) => line !== '') ?? shown;
    shownUntil = cue.endSeconds;
    yield { ...cue, lines };
  }
}

function hasTimestamp(text: string): boolean {
  return /<\d[\d:.]*>/.test(text);
}

function visibleText(line: string): string {
  return cleanText(line.replace(/<[^<>]*>/g, ''));
}
