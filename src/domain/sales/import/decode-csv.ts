import { BadUserInput } from '#domain/core/errors.ts';
import { decodeText, encodingOf } from '#domain/text/decode-text.ts';
import { nameBinary } from './name-file.ts';

/**
 * Decodes a file: by its byte order mark; by `charset`, if the sender gives one; as UTF-16, if its zero bytes show that; as UTF-8; and else
 * as windows-1255, in which Hebrew spreadsheets save CSV. Throws BadUserInput if the bytes are no such text.
 */
export function decodeCsv(bytes: Uint8Array, charset?: string): string {
  const other = nameBinary(bytes);
  if (other) throw new BadUserInput('body', other);
  const decoded = decodeText(bytes, charset ?? detectUtf16(bytes));
  if (decoded && (charset !== undefined || !ONE_ODD_BYTE.test(decoded.text))) return decoded.text;
  const hebrew = charset === undefined ? decodeText(bytes, 'windows-1255') : null;
  if (hebrew) return hebrew.text;
  throw new BadUserInput('body', `This is no text in ${encodingOf(bytes, charset)}; save the file as CSV UTF-8.`);
}

/** Bytes from which UTF-16 without a byte order mark is detected, and how many of each half there must be zero. */
const [SAMPLE_BYTES, MIN_ZERO_SHARE] = [4096, 0.1];

/**
 * Returns the encoding of UTF-16 without a byte order mark, in which every comma and line break has a zero byte: the second one of each
 * pair if the encoding is little-endian. Other text has none. Returns undefined for anything else.
 */
function detectUtf16(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] as number) + 1;
  const [first, second] = zeros as [number, number];
  const enough = (sample.length / 2) * MIN_ZERO_SHARE;
  if (second > enough && first === 0) return 'utf-16le';
  return first > enough && second === 0 ? 'utf-16be' : undefined;
}

/** ASCII with a single byte that is not UTF-8, such as a letter in another encoding. */
const ONE_ODD_BYTE = /^[\0-\x7f]*\ufffd[\0-\x7f]*$/;
