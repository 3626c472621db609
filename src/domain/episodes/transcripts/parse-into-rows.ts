import { createHash } from 'node:crypto';
import { InvalidTranscript } from './invalid-transcript.ts';
import { parseTranscript } from './parse-transcript.ts';
import { encodeSegmentRows } from './segment-rows.ts';
import type { TranscriptFormat } from './segments.ts';

/** A file to parse: its bytes are UTF-8, with a byte order mark or without. */
export type TranscriptFile = { format: TranscriptFormat; bytes: Uint8Array };

/** A transcript as it is written: `slices` are rows for insertSegmentRows. */
export type ParsedTranscript = {
  segments: number;
  durationSeconds: number;
  /** SHA-256 of the file, in hexadecimal digits. */
  contentHash: string;
  slices: Uint8Array[];
};

/** Why a file is no transcript, with the line of it (from 1) where there is one. */
export type Refusal = { refused: string; line: number | null };

/** Parses a file into rows, or says in a sentence why that cannot be. Takes time linear in its size. */
export function parseIntoRows({ format, bytes }: TranscriptFile): ParsedTranscript | Refusal {
  try {
    const segments = parseTranscript(format, decodeText(bytes));
    return {
      segments: segments.length,
      durationSeconds: segments.at(-1)?.endSeconds ?? 0,
      contentHash: createHash('sha256').update(bytes).digest('hex'),
      slices: encodeSegmentRows(segments),
    };
  } catch (error) {
    if (error instanceof InvalidTranscript) return { refused: error.message, line: error.line };
    throw error;
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidTranscript('This is no text in UTF-8; save the file as UTF-8 and send it again.');
  }
}
