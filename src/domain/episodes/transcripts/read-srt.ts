import { decodeHTMLStrict } from 'entities';
import { cleanText } from './clean-text.ts';
import { type Cue, readCues } from './cues.ts';
import { addSegment, assertWithinLimit } from './segment-limit.ts';
import type { ParseProblem, ReadResult, SourceSegment } from './segments.ts';
import { detectSpeakerLabels } from './speaker-labels.ts';

/**
 * Reads SubRip. It has no standard: this accepts what FFmpeg and VLC accept (srtdec.c), takes out the formatting tags
 * that they know and `{\an8}` positions, and decodes entities, which converters from VTT leave behind. Speakers are
 * names at the beginning of a line (`Name: text`) where the file labels its speakers; a cue without a name goes on with
 * the last. Throws InvalidTranscript where there are too many segments.
 */
export function readSrt(content: string): ReadResult {
  let problem: ParseProblem | null = null;
  const cues: Cue[] = [];
  for (const cue of readCues(content, DIALECT, (first) => (problem = first))) {
    const lines = cue.lines.map(stripFormatting).filter((line) => line !== '');
    if (lines.length > 0) cues.push({ ...cue, lines });
    assertWithinLimit(cues.length);
  }
  const splitTurns = detectSpeakerLabels(cues);
  const segments: SourceSegment[] = [];
  let speaker: string | null = null;
  for (const { startSeconds, endSeconds, lines } of cues) {
    for (const turn of splitTurns(lines)) {
      speaker = turn.speaker ?? speaker;
      addSegment(segments, { startSeconds, endSeconds, text: turn.text, speaker, confidence: null, words: null });
    }
  }
  return { segments, problem };
}

const DIALECT = { blankLineEndsCue: false, skippedBlock: null };

function stripFormatting(line: string): string {
  const bare = line.replace(/<\/?(?:b|i|u|s|font)(?:\s[^<>]*)?>/gi, '').replace(/\{\\[^{}]*\}/g, '');
  return cleanText(decodeHTMLStrict(bare));
}
