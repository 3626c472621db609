import type { ParsedSegment, TimeRange, TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { isPlausibleName } from '#domain/episodes/transcripts/speakers/names.ts';
import { protectEscapes } from '#domain/episodes/transcripts/text/escapes.ts';
import { formatTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import { SRT_TAG } from './captions/cue-text.ts';

/** What is written of a segment; only JSON has a place for its confidence and words, which may be left out. */
export type Caption = TimeRange &
  Pick<ParsedSegment, 'text' | 'speaker'> &
  Partial<Pick<ParsedSegment, 'confidence' | 'words'>>;

/** Writes a file piece by piece: its beginning, each caption in order of time, its end. */
export type CaptionWriter = { begin: string; add(caption: Caption): string; end(): string };

const WRITERS: Record<TranscriptFormat, () => CaptionWriter> = {
  SRT: createSrtWriter,
  VTT: createVttWriter,
  JSON: createJsonWriter,
  TEXT: createTextWriter,
};

/** Creates the writer of one file. */
export const createCaptionWriter = (format: TranscriptFormat): CaptionWriter => WRITERS[format]();

function createVttWriter(): CaptionWriter {
  return {
    begin: 'WEBVTT\n',
    add(caption) {
      const text = escapeMarkup(caption.text);
      const spoken = caption.speaker === null ? text : `<v ${escapeMarkup(caption.speaker)}>${text}</v>`;
      return `\n${timesLine(caption, '.')}\n${spoken}\n`;
    },
    end: () => '',
  };
}

function escapeMarkup(text: string): string {
  const bare = protectTimes(protectEscapes(text)).replace(/&(?!#\d{2,4};)/g, '&amp;');
  return bare.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Text that a lenient reader would take for the times of a cue. */
const protectTimes = (text: string): string => text.replace(/(?<=\d\s*)(?:-(?=->)|→)/g, toEntity);

const toEntity = (character: string): string => `&#${character.codePointAt(0)};`;

function createSrtWriter(): CaptionWriter {
  let number = 0;
  return {
    begin: '',
    add(caption) {
      number += 1;
      const { text, speaker } = caption;
      const label = speaker !== null && isPlausibleName(speaker) ? `${speaker}: ` : '';
      return `${number > 1 ? '\n' : ''}${number}\n${timesLine(caption, ',')}\n${label}${escapeForSrt(text)}\n`;
    },
    end: () => '',
  };
}

/** SRT has no escapes that every player knows, so only what a reader would take for markup is written as an entity. */
function escapeForSrt(text: string): string {
  return protectTimes(protectEscapes(text))
    .replace(/<(?=([^<>]{0,30}))/g, (bracket, tag: string) => (SRT_TAG.test(tag) ? '&lt;' : bracket))
    .replaceAll('-->', '--&gt;');
}

function timesLine({ startSeconds, endSeconds }: Caption, decimalSeparator: ',' | '.'): string {
  return `${formatTimestamp(startSeconds, decimalSeparator)} --> ${formatTimestamp(endSeconds, decimalSeparator)}`;
}

/** JSON of Podcasting 2.0, whose other fields its readers ignore: `words` also says that no segment is a mere word. */
function createJsonWriter(): CaptionWriter {
  let separator = '';
  return {
    begin: '{\n  "version": "1.0.0",\n  "segments": [',
    add({ speaker, startSeconds, endSeconds, text, confidence, words }) {
      const segment = {
        ...(speaker === null ? {} : { speaker }),
        ...{ startTime: startSeconds, endTime: endSeconds, body: text },
        ...(confidence == null ? {} : { confidence }),
        ...(words === undefined ? {} : { words: words?.map(toJsonWord) ?? null }),
      };
      const written = `${separator}\n    ${JSON.stringify(segment)}`;
      separator = ',';
      return written;
    },
    end: () => '\n  ]\n}\n',
  };
}

const toJsonWord = ({ text, startSeconds, endSeconds, confidence }: NonNullable<ParsedSegment['words']>[number]) => ({
  ...{ text, startTime: startSeconds, endTime: endSeconds },
  ...(confidence === null ? {} : { confidence }),
});

/** A speaker who goes on for longer gets another paragraph: some 150 words. */
const PARAGRAPH_SECONDS = 60;

function createTextWriter(): CaptionWriter {
  let turn: Pick<Caption, 'speaker' | 'startSeconds'> | null = null;
  return {
    begin: '',
    add({ speaker, startSeconds, text }) {
      if (turn?.speaker === speaker && startSeconds < turn.startSeconds + PARAGRAPH_SECONDS) return ` ${text}`;
      const time = formatTimestamp(Math.floor(startSeconds), null);
      const written = `${turn ? '\n\n' : ''}${speaker === null ? time : `${speaker}: ${time}`}\n\n${text}`;
      turn = { speaker, startSeconds };
      return written;
    },
    end: () => (turn ? '\n' : ''),
  };
}
