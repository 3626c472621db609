import type { ParseWarnings } from './parse-warnings.ts';
import { readSrt, readVtt } from './read-captions.ts';
import { readJson } from './read-json.ts';
import { readPlainText } from './read-plain-text.ts';
import type { TranscriptFormat } from './segments.ts';
import type { SourceTurn } from './source-turns.ts';

/** How a format is read, its media types, the usual one first, and what is said where nothing was found in a file of it. */
type Format = {
  mediaTypes: readonly [string, ...string[]];
  read(content: string, warnings: ParseWarnings): SourceTurn[];
  nothingFound: string;
};

export const FORMATS: Record<TranscriptFormat, Format> = {
  SRT: {
    // Neither is registered, and both are in use.
    mediaTypes: ['application/x-subrip', 'text/srt'],
    read: readSrt,
    nothingFound:
      'No cue with text was found: a cue is a line of times such as "00:00:01,000 --> 00:00:04,000" and lines of text under it.',
  },
  VTT: {
    mediaTypes: ['text/vtt'],
    read: readVtt,
    nothingFound:
      'No cue with text was found: a cue is a line of times such as "00:01.000 --> 00:04.000" and lines of text under it.',
  },
  JSON: {
    mediaTypes: ['application/json'],
    read: readJson,
    nothingFound: 'No segment with text was found: `segments` takes objects with a start in seconds and a text.',
  },
  TEXT: {
    mediaTypes: ['text/plain'],
    read: readPlainText,
    nothingFound: 'No turn has any text: write it under a line such as "Ann: 00:01:30".',
  },
};

export const FORMAT_NAMES = Object.keys(FORMATS) as TranscriptFormat[];
