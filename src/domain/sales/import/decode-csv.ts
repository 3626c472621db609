import { BadUserInput } from '#domain/core/errors.ts';
import { decodeText, encodingOf } from '#domain/text/decode-text.ts';
import { nameBinary } from './name-file.ts';

/**
 * Decodes a file: by its byte order mark; by `charset`, if the sender gives one; as UTF-8; and else as windows-1255, in which Hebrew
 * spreadsheets save CSV. Throws BadUserInput if the bytes are no such text.
 */
export function decodeCsv(bytes: Uint8Array, charset?: string): string {
  const other = nameBinary(bytes);
  if (other) throw new BadUserInput('body', other);
  const decoded = decodeText(bytes, charset);
  if (decoded && (charset !== undefined || !ONE_ODD_BYTE.test(decoded.text))) return decoded.text;
  const hebrew = charset === undefined ? decodeText(bytes, 'windows-1255') : null;
  if (hebrew) return hebrew.text;
  throw new BadUserInput('body', `This is no text in ${encodingOf(bytes, charset)}; save the file as CSV UTF-8.`);
}

/** ASCII with a single byte that is not UTF-8, such as a letter in another encoding. */
const ONE_ODD_BYTE = /^[\0-\x7f]*\ufffd[\0-\x7f]*$/;
