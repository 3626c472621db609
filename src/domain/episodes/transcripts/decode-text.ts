import { InvalidTranscript } from './invalid-transcript.ts';

/**
 * Decodes a file: UTF-8 or UTF-16 with a byte order mark, else `charset` (a label of the WHATWG Encoding Standard, as
 * `windows-1255`), else UTF-8. Throws InvalidTranscript where the bytes are no such text.
 */
export function decodeText(bytes: Uint8Array, charset = 'utf-8'): string {
  const encoding = readByteOrderMark(bytes) ?? charset;
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidTranscript(
      `This is no text in ${encoding}; save the file as UTF-8, or upload it with its charset, as in "content-type: text/vtt; charset=windows-1255".`,
    );
  }
}

function readByteOrderMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : null;
}
