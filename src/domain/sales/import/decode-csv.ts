import { BadUserInput } from '#domain/core/errors.ts';

/**
 * Decodes a file: by its byte order mark, by `charset` where the sender names one, as UTF-8, and else as windows-1255, in which
 * Hebrew spreadsheets save CSV. Throws BadUserInput where the bytes are no such text.
 */
export function decodeCsv(bytes: Uint8Array, charset?: string): string {
  const named = readByteOrderMark(bytes) ?? charset;
  if (named) return decode(bytes, named);
  try {
    return decode(bytes, 'utf-8');
  } catch {
    return decode(bytes, 'windows-1255');
  }
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new BadUserInput('body', `This is no text in ${encoding}; save the file as UTF-8.`);
  }
}

function readByteOrderMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : null;
}
