import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { SRT_TAG } from './cue-text.ts';
import { readCueTurns } from './cue-turns.ts';
import { type CueDialect, readCues } from './cues.ts';

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
