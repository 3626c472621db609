import { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import type { TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';

/** What a source gives: its segments, and what is told of it. */
export function read(format: TranscriptFormat, source: string) {
  const warnings = new ParseWarnings();
  const segments = parseTranscript(format, source, warnings);
  return { segments, warnings };
}

/** Who says what in a source. */
export const turnsOf = (format: TranscriptFormat, source: string) =>
  read(format, source).segments.map(({ speaker, text }) => [speaker, text]);

/** When what is said in a source. */
export const timedTextsOf = (format: TranscriptFormat, source: string) =>
  read(format, source).segments.map(({ startSeconds, text }) => [startSeconds, text]);

/** Texts as cues of SubRip, two seconds each. */
export function srt(...texts: string[]): string {
  return texts.map((text, index) => `${index + 1}\n${times(index, ',')}\n${text}\n`).join('\n');
}

/** Texts as cues of WebVTT, two seconds each. */
export function vtt(...texts: string[]): string {
  return `WEBVTT\n\n${texts.map((text, index) => `${times(index, '.')}\n${text}\n`).join('\n')}`;
}

function times(index: number, mark: string): string {
  return `${clock(2 * index, mark)} --> ${clock(2 * index + 2, mark)}`;
}

function clock(seconds: number, mark: string): string {
  return `${new Date(seconds * 1000).toISOString().slice(11, 19)}${mark}000`;
}
