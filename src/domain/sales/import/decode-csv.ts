import { BadUserInput } from '#domain/core/errors.ts';
import { decodeText, encodingOf, hasOneOddByte } from '#domain/text/decode-text.ts';
import { detectLegacyCharset, detectUtf16 } from '#domain/text/detect-charset.ts';
import { nameBinary } from './name-file.ts';

/**
 * Decodes a file: by its byte order mark; by `charset`, if the sender gives one; as UTF-16, if its zero bytes show that; as UTF-8; as
 * windows-1252, if that is what its letters look like; and else as windows-1255, in which Hebrew spreadsheets save CSV. Throws BadUserInput
 * if the bytes are no such text.
 */
export function decodeCsv(bytes: Uint8Array, charset?: string): string {
  const other = nameBinary(bytes);
  if (other) throw new BadUserInput('body', other);
  const decoded = decodeText(bytes, charset ?? detectUtf16(bytes));
  if (decoded && (charset !== undefined || !hasOneOddByte(decoded))) return decoded.text;
  const legacy = charset === undefined ? decodeText(bytes, detectLegacyCharset(bytes) ?? 'windows-1255') : null;
  if (legacy) return legacy.text;
  throw new BadUserInput('body', `This is no text in ${encodingOf(bytes, charset)}; save the file as CSV UTF-8.`);
}
