import type { TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { readElanText } from './annotations/elan-text.ts';
import { readCtm, readStm } from './annotations/nist.ts';
import { readAss } from './captions/ass.ts';
import { readAvid } from './captions/avid.ts';
import { readLrc } from './captions/lrc.ts';
import { readMicroDvd } from './captions/microdvd.ts';
import { readSrt, readVtt } from './captions/srt-vtt.ts';
import type { SourceFormat } from './detect.ts';
import { readJson } from './json/reader.ts';
import type { ParseWarnings } from './parse-warnings.ts';
import { readPlainText } from './plain-text/reader.ts';
import { readTable } from './table.ts';
import { readHtml } from './xml/html.ts';
import { readXml } from './xml/reader.ts';

/** How a format is read, its media types with the usual one first, and the error for a file without content. */
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
    mediaTypes: ['application/json', 'application/jsonl', 'application/x-ndjson'],
    read: readJson,
    nothingFound: 'No segment with text was found: `segments` takes objects with a start in seconds and a text.',
  },
  TEXT: {
    mediaTypes: [
      'text/plain',
      'text/html',
      'application/ttml+xml',
      'application/xml',
      'text/xml',
      'text/x-ssa',
      'text/csv',
      'text/tab-separated-values',
    ],
    read: readPlainText,
    nothingFound: 'No turn has any text: write it under a line such as "Ann: 00:01:30".',
  },
};

/** Readers of all formats, also of those that are only detected by content. */
export const READERS: Record<SourceFormat, Pick<Format, 'read' | 'nothingFound'>> = {
  ...FORMATS,
  ASS: {
    read: readAss,
    nothingFound: 'No line with text was found: one begins with "Dialogue: 0,0:00:01.00,0:00:04.00".',
  },
  XML: {
    read: readXml,
    nothingFound: 'No caption with text was found: one is <p begin="00:00:01.000" end="00:00:04.000"> in TTML.',
  },
  HTML: { read: readHtml, nothingFound: 'No paragraph with a time was found: one is <time>0:00</time><p>…</p>.' },
  TABLE: { read: readTable, nothingFound: 'No row with text was found: the columns are start, end and text.' },
  MICRODVD: {
    read: readMicroDvd,
    nothingFound: 'No line with text was found: one begins with its frames, as "{25}{100}".',
  },
  LRC: { read: readLrc, nothingFound: 'No line with text was found: one begins with its time, as "[00:12.00]".' },
  AVID: {
    read: readAvid,
    nothingFound: 'No caption with text was found: one begins with a line such as "00:00:01:00 00:00:04:00".',
  },
  ELAN: {
    read: readElanText,
    nothingFound: 'No row with text was found: the columns are tier, participant, begin, end and annotation.',
  },
  CTM: { read: readCtm, nothingFound: 'No word was found: the columns are recording, channel, start, duration, word.' },
  STM: {
    read: readStm,
    nothingFound: 'No segment with text was found: the columns are recording, channel, speaker, begin, end, text.',
  },
};

export const FORMAT_NAMES = Object.keys(FORMATS) as TranscriptFormat[];
