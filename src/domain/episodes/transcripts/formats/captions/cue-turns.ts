import { assertWithinLimit } from '#domain/episodes/transcripts/segments/limit.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { readCueText, SRT_TAG } from './cue-text.ts';
import type { Cue } from './cues.ts';
import { readNameLines } from './name-lines.ts';
import { joinPaintOnCues } from './paint-on.ts';
import { MAX_ROWS, removeRollUpRepeats } from './roll-up.ts';

/** Reads the text of cues of any format, without repeats, split by voices. Throws InvalidTranscript if there are too many segments. */
export function readCueTurns(source: Iterable<Cue>, isTag = (tag: string): boolean => SRT_TAG.test(tag)): SourceTurn[] {
  const cues: Cue[] = [];
  for (const cue of source) {
    if (cue.lines.length > 0) cues.push(cue);
    assertWithinLimit(cues.length / MAX_ROWS);
  }
  const turns: SourceTurn[] = [];
  for (const cue of joinPaintOnCues(removeRollUpRepeats(readNameLines(cues)))) {
    const { startSeconds, endSeconds } = cue;
    for (const span of readCueText(cue, isTag)) {
      turns.push({ startSeconds, endSeconds, confidence: null, ...span });
    }
    assertWithinLimit(turns.length);
  }
  return turns;
}
