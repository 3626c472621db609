import { decodeHTMLStrict } from 'entities';
import { cleanText } from './clean-text.ts';
import { readCues } from './cues.ts';
import type { ReadResult, SourceSegment } from './segments.ts';
import { detectSpeakerLabels } from './speaker-labels.ts';

/**
 * Reads SubRip. It has no standard: this accepts what FFmpeg and VLC accept (srtdec.c), takes out the formatting tags
 * that they know and `{\an8}` positions, and decodes entities, which converters from VTT leave behind. Speakers are
 * names at the beginning of a line (`Name: text`) where the file labels its speakers; a cue without a name goes on with
 * the last.
 */
export function readSrt(content: string): ReadResult {
  const { cues, problem } = readCues(content, { blankLineEndsCue: false, skippedBlock: null });
  const texts = cues.map((cue) => cue.lines.map(stripFormatting));
  const splitTurns = detectSpeakerLabels(texts.flat());
  const segments: SourceSegment[] = [];
  let speaker: string | null = null;
  for (const [index, { startSeconds, endSeconds }] of cues.entries()) {
    for (const turn of splitTurns(texts[index] ?? [])) {
      speaker = turn.speaker ?? speaker;
      segments.push({ startSeconds, endSeconds, text: turn.text, speaker, confidence: null, words: null });
    }
  }
  return { segments, problem };
}

function stripFormatting(line: string): string {
  const bare = line.replace(/<\/?(?:b|i|u|s|font)(?:\s[^<>]*)?>/gi, '').replace(/\{\\[^{}]*\}/g, '');
  return cleanText(decodeHTMLStrict(bare));
}
