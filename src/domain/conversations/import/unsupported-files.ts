import { OF_PEOPLE } from './unsupported-conversations.ts';

/** The first bytes of files that are not text. */
const SIGNATURES: readonly [string, string][] = [
  ['PK\x03\x04', 'This is a ZIP archive: unpack it, and send the file of conversations in it, as conversations.json.'],
  ['\x1F\x8B', 'This is compressed with gzip: send it unpacked.'],
  ['%PDF', 'This is a PDF: send the export as JSON.'],
  ['SQLite format 3', 'This is a database of SQLite: send the export as JSON.'],
];

/** A line of a WhatsApp chat: date and time in the format of the phone's locale, and the author. */
const WHATSAPP =
  /^[\p{Cf}[]{0,4}\p{Nd}{1,4}(?:[./-] ?[\p{Nd}]{1,4}){2}[^\p{Nd}\r\n]{1,12}\p{Nd}{1,2}[:.]\p{Nd}{2}(?:[:.]\p{Nd}{2})?[^\p{Nd}\r\n]{0,12}?(?:\]| [-–]|,) .*:/mu;

/** Names a file that is not JSON in a sentence; null if its format is unknown. */
export function nameFile(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 4096));
  const signature = SIGNATURES.find(([begin]) => head.toString('latin1').startsWith(begin));
  if (signature) return signature[1];
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  if (/^\s*<(?:!doctype html|html|head|body|div)\b/i.test(text))
    return 'This is a page in HTML: send the JSON of the same export; for Gemini, choose JSON instead of HTML in Google Takeout.';
  if (WHATSAPP.test(text.split('\n', 3).join('\n'))) return `This is a chat of WhatsApp between people: ${OF_PEOPLE}.`;
  return isText(head) ? OTHER_TEXT : null;
}

const OTHER_TEXT =
  'This is text, as of Markdown or a table: of tables those are read whose columns are called conversation, time, author and message; of anything else send the JSON of the same export.';

/** Whether the beginning of a file is text that is not JSON. */
const isText = (head: Uint8Array): boolean =>
  /^\s*[^\s[{"\d-]/.test(
    Buffer.from(head)
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  ) && !head.includes(0);
