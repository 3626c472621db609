import { createHash } from 'node:crypto';
import { type Chapter, findChapters, MIN_CHAPTER_SECONDS } from '#domain/episodes/chapters/find-chapters.ts';
import { measureSubjects } from '#domain/episodes/chapters/measure-subjects.ts';
import { type DecodedText, decodeText, encodingOf, hasOneOddByte } from '#domain/text/decode-text.ts';
import { detectLegacyCharset, detectUtf16 } from '#domain/text/detect-charset.ts';
import { type ParseWarning, ParseWarnings } from './formats/parse-warnings.ts';
import { parseTranscript } from './parse-transcript.ts';
import { InvalidTranscript } from './segments/invalid-transcript.ts';
import { encodeSegmentRows } from './segments/rows.ts';
import type { ParsedSegment, TranscriptFormat } from './segments/segments.ts';
import { splitIntoSentences } from './sentences/sentences.ts';

/** A file to parse; `charset` is what its bytes are where they are not Unicode, `recordedSeconds` the length of its recording. */
export type TranscriptFile = {
  format: TranscriptFormat;
  bytes: Uint8Array;
  charset?: string | undefined;
  recordedSeconds?: number | undefined;
};

/** A transcript as it is written: `slices` are rows for insertSegmentRows. */
export type ParsedTranscript = {
  segments: number;
  durationSeconds: number;
  /** SHA-256 of the file, in hexadecimal digits. */
  contentHash: string;
  /** What was passed over or put right, the first MAX_WARNINGS of `warningCount`. */
  warnings: ParseWarning[];
  warningCount: number;
  /** How many cues, turns or segments could not be used. */
  passedOver: number;
  slices: Uint8Array[];
  /** Null where the transcript is so long that they are left to its processing. */
  chapters: Chapter[] | null;
};

/** Why a file is not a transcript, with its line (from 1) if there is one. */
export type Refusal = { refused: string; line: number | null };

/** Bytes, of thirty hours: what it takes to measure more does not fit beside the rows of it. */
const MAX_BYTES_FOR_CHAPTERS = 2 * 2 ** 20;

function findChaptersOf(segments: readonly ParsedSegment[]): Chapter[] {
  const seconds = segments.at(-1)?.endSeconds ?? 0;
  return seconds < 2 * MIN_CHAPTER_SECONDS ? [] : findChapters(measureSubjects(splitIntoSentences(segments)));
}

/** Parses a file into rows, or says in a sentence why that cannot be. Takes time linear in its size. */
export function parseIntoRows({ format, bytes, charset, recordedSeconds }: TranscriptFile): ParsedTranscript | Refusal {
  try {
    const warnings = new ParseWarnings();
    const segments = parseTranscript(format, decode({ bytes, charset }, warnings), warnings);
    if (recordedSeconds !== undefined) warnAboutEnd(segments, recordedSeconds, warnings);
    return {
      segments: segments.length,
      durationSeconds: segments.at(-1)?.endSeconds ?? 0,
      contentHash: createHash('sha256').update(bytes).digest('hex'),
      warnings: warnings.list,
      warningCount: warnings.count,
      passedOver: warnings.passedOver,
      slices: encodeSegmentRows(segments),
      chapters: bytes.length <= MAX_BYTES_FOR_CHAPTERS ? findChaptersOf(segments) : null,
    };
  } catch (error) {
    if (error instanceof InvalidTranscript) return { refused: error.message, line: error.line };
    throw error;
  }
}

/** How far beyond the end of a recording its last caption may go: players and recognisers round. */
const END_TOLERANCE_SECONDS = 2;

function warnAboutEnd(segments: readonly ParsedSegment[], recordedSeconds: number, warnings: ParseWarnings): void {
  const late = segments.filter(({ endSeconds }) => endSeconds > recordedSeconds + END_TOLERANCE_SECONDS);
  const [first] = late;
  if (!first) return;
  const what = late.length === 1 ? 'one segment goes' : `${late.length} segments go`;
  warnings.add(
    null,
    `The recording ends at ${recordedSeconds} s, and ${what} on after that, the first from ${first.startSeconds} s: no clip can have them. This may be the transcript of another cut.`,
  );
}

/** Throws InvalidTranscript where the bytes are no text. */
function decode({ bytes, charset }: Pick<TranscriptFile, 'bytes' | 'charset'>, warnings: ParseWarnings): string {
  const decoded = decodeFile({ bytes, charset }, warnings);
  if (!decoded)
    throw new InvalidTranscript(
      `This is no text in ${encodingOf(bytes, charset)}; save the file as UTF-8, or upload it with its charset, as in "content-type: text/vtt; charset=windows-1255".`,
    );
  const { text, unreadable } = decoded;
  if (unreadable > 0) {
    const line = text.slice(0, text.indexOf('\uFFFD')).split(/\r\n|\r|\n/).length;
    warnings.add(
      line,
      `Of this file ${unreadable} ${unreadable === 1 ? 'character is' : 'characters are'} no UTF-8, from here on, and became \uFFFD.`,
    );
  }
  return text;
}

/**
 * Decodes a file in its charset, or else in the one that its bytes look like, which is reported unless that is Unicode. Null if the bytes
 * are no text in either.
 */
function decodeFile(
  { bytes, charset }: Pick<TranscriptFile, 'bytes' | 'charset'>,
  warnings: ParseWarnings,
): DecodedText | null {
  const decoded = decodeText(bytes, charset ?? detectUtf16(bytes));
  if (charset !== undefined || (decoded && !hasOneOddByte(decoded))) return decoded;
  const detected = detectLegacyCharset(bytes);
  const legacy = detected && decodeText(bytes, detected);
  if (!legacy) return decoded;
  warnings.add(
    null,
    `This file is no UTF-8, and was read as ${detected}, which is what its letters look like. If they are wrong, save it as UTF-8, or upload it with its charset.`,
  );
  return legacy;
}
