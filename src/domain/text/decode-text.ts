/** A decoded file; `unreadable` counts the characters U+FFFD that replace invalid bytes. */
export type DecodedText = { text: string; unreadable: number };

/** Whether a file is ASCII with a single byte that is not UTF-8, such as a letter in another encoding. */
export const hasOneOddByte = ({ text, unreadable }: DecodedText): boolean =>
  unreadable === 1 && /^[\0-\x7f]*\ufffd[\0-\x7f]*$/.test(text);

/** How many non-ASCII characters per unreadable one identify a file as UTF-8. */
const READABLE_PER_UNREADABLE = 10;

/** Returns a file's encoding: that of its byte order mark, else `charset` (a label of the WHATWG Encoding Standard), else UTF-8. */
export const encodingOf = (bytes: Uint8Array, charset?: string): string =>
  readByteOrderMark(bytes) ?? charset ?? 'utf-8';

/**
 * Decodes a file. UTF-8 with a few damaged bytes, from an incomplete download or a tool that counts bytes, is decoded with replacements, as
 * is text with a single odd byte. Null if the bytes are no text in their encoding.
 */
export function decodeText(bytes: Uint8Array, charset?: string): DecodedText | null {
  const encoding = encodingOf(bytes, charset);
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), unreadable: 0 };
  } catch {
    return /^utf-?8$/i.test(encoding) ? decodeDamaged(bytes) : null;
  }
}

function decodeDamaged(bytes: Uint8Array): DecodedText | null {
  const text = new TextDecoder().decode(bytes);
  let [unreadable, readable] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0xfffd) unreadable += 1;
    else if (unit > 0x7f) readable += 1;
  }
  const isUtf8 = readable >= unreadable * READABLE_PER_UNREADABLE || unreadable === 1;
  return isUtf8 ? { text, unreadable } : null;
}

function readByteOrderMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : null;
}
