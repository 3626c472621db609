import { BadUserInput } from '#domain/core/errors.ts';
import { decodeText, encodingOf } from '#domain/text/decode-text.ts';

/**
 * Decodes a file: by its byte order mark, by `charset` where the sender names one, as UTF-8, and else as windows-1255, in which
 * Hebrew spreadsheets save CSV. Throws BadUserInput where the bytes are no such text.
 */
export function decodeCsv(bytes: Uint8Array, charset?: string): string {
  const decoded = decodeText(bytes, charset) ?? (charset ? null : decodeText(bytes, 'windows-1255'));
  if (decoded) return decoded.text;
  throw new BadUserInput(
    'body',
    `This is no text in ${encodingOf(bytes, charset ?? 'windows-1255')}; save the file as UTF-8.`,
  );
}
