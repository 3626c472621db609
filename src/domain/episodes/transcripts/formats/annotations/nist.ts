import type { ParseWarnings } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import { assertWithinLimit } from '#domain/episodes/transcripts/segments/limit.ts';
import type { SourceSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import type { SourceTurn } from '#domain/episodes/transcripts/segments/source-turns.ts';
import { joinSpokenWords } from '#domain/episodes/transcripts/sentences/join-spoken-words.ts';
import { cleanName } from '#domain/episodes/transcripts/speakers/names.ts';
import { cleanText, splitLines } from '#domain/episodes/transcripts/text/clean-text.ts';
import { iterateLines } from '#domain/episodes/transcripts/text/lines.ts';
import { isPossibleEnd, isTooLate, TOO_LATE } from '#domain/episodes/transcripts/text/timestamps.ts';

// The formats of NIST's scoring toolkit SCTK: https://github.com/usnistgov/SCTK/blob/master/doc/infmts.htm

/** A word of CTM: recording, channel, start and duration in seconds, the word, its confidence. */
const CTM_LINE =
  /^\s*(?<file>\S{1,200})[ \t]+(?<channel>\S{1,20})[ \t]+(?<start>\d{1,9}(?:\.\d{1,9})?)[ \t]+(?<duration>\d{1,9}(?:\.\d{1,9})?)[ \t]+(?<word>\S{1,200})(?:[ \t]+(?<confidence>[\d.]{1,12}|NA))?(?:[ \t]+\S{1,40}){0,2}\s*$/;

/** A segment of STM: recording, channel, speaker, begin and end in seconds, a label in angle brackets, the text. */
const STM_LINE =
  /^\s*(?<file>\S{1,200})[ \t]+(?<channel>\S{1,20})[ \t]+(?<speaker>\S{1,200})[ \t]+(?<start>\d{1,9}(?:\.\d{1,9})?)[ \t]+(?<end>\d{1,9}(?:\.\d{1,9})?)(?:[ \t]+<[^<>]{0,200}>)?(?:[ \t]+(?<text>\S.*))?$/;

const COMMENT = /^\s*;;/;

/** Lines from which the format is determined. */
const SAMPLE = 20;

const isOf = (pattern: RegExp, head: string): boolean => {
  const lines = iterateLines(head)
    .filter((line) => line.trim() !== '' && !COMMENT.test(line))
    .take(SAMPLE)
    .toArray();
  // The last line may be cut short.
  const matching = lines.filter((line) => pattern.test(line)).length;
  return matching > 0 && matching >= lines.length * 0.8;
};

export const isCtm = (head: string): boolean => isOf(CTM_LINE, head);

export const isStm = (head: string): boolean => isOf(STM_LINE, head);

/** Reads CTM, and joins its words into sentences. Channels are speakers if there are several. */
export function readCtm(content: string, warnings: ParseWarnings): SourceTurn[] {
  const rows = readRows(content, CTM_LINE, warnings);
  const channels = new Set(rows.map(({ channel }) => channel));
  const words = rows.map(({ channel, startSeconds, duration, word, confidence }): SourceSegment => {
    const sureness = Number(confidence ?? Number.NaN);
    return {
      startSeconds,
      endSeconds: startSeconds + Number(duration),
      text: cleanText(word ?? ''),
      speaker: channels.size > 1 ? cleanName(channel) : null,
      confidence: sureness >= 0 && sureness <= 1 ? sureness : null,
      words: null,
    };
  });
  return joinSpokenWords(words).map(({ text, ...segment }) => ({ ...segment, lines: [text] }));
}

/** Reads STM. Segments that are marked not to be scored have no text. */
export function readStm(content: string, warnings: ParseWarnings): SourceTurn[] {
  return readRows(content, STM_LINE, warnings).flatMap(({ line, startSeconds, end, speaker, text = '' }) => {
    const isIgnored = /^(?:ignore_time_segment_in_scoring|inter_segment_gap)$/i.test(text.trim());
    if (isIgnored) warnings.passOver(line, 'This segment is marked to be ignored, and has no text: it was skipped.');
    const lines = isIgnored ? [] : splitLines(text);
    const endSeconds = isPossibleEnd(startSeconds, Number(end)) ? Number(end) : null;
    return lines.length === 0
      ? []
      : [{ startSeconds, endSeconds, lines, speaker: cleanName(speaker), confidence: null, words: null }];
  });
}

type NistRow = { line: number; startSeconds: number } & Partial<
  Record<'channel' | 'duration' | 'word' | 'confidence' | 'speaker' | 'end' | 'text', string>
>;

/** Throws InvalidTranscript if the rows are of several recordings, or too many. */
function readRows(content: string, pattern: RegExp, warnings: ParseWarnings): NistRow[] {
  const rows: NistRow[] = [];
  const files = new Set<string>();
  let number = 0;
  for (const line of iterateLines(content)) {
    number += 1;
    if (line.trim() === '' || COMMENT.test(line)) continue;
    const { file, start, ...fields } = pattern.exec(line)?.groups ?? {};
    const startSeconds = Number(start);
    if (file === undefined) warnings.passOver(number, 'The columns of this line cannot be read: it was skipped.');
    else if (isTooLate(startSeconds)) warnings.passOver(number, `This line was skipped: it ${TOO_LATE}`);
    else {
      files.add(file);
      rows.push({ ...fields, line: number, startSeconds });
    }
    assertWithinLimit(rows.length / MAX_WORDS_PER_SEGMENT);
  }
  if (files.size > 1)
    throw new InvalidTranscript(`These are the transcripts of ${files.size} recordings; send each of its own.`, 1);
  return rows;
}

/** Words are joined into segments after they are read. */
const MAX_WORDS_PER_SEGMENT = 20;
