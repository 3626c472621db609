/** Invisible characters: bidirectional marks, joiners, soft hyphens, byte order marks. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Hyphens, dashes, the minus sign and the Hebrew maqaf. */
const DASHES = /[\u2010-\u2015\u2212\u05be\ufe58\ufe63\uff0d]/g;
/** `="+972…"`, which makes a spreadsheet treat a number as text; an apostrophe does the same. */
const FORMULA = /^="([^"]*)"$/;
const TEXT_MARK = /^['’`](?=[\d+(])/;
/** An integer that a spreadsheet has exported as a decimal number: its trailing zero would be taken for a digit. */
const DECIMAL_ZERO = /^(\+?\d+)[.,]0+$/;

/** A label beside a number: `(mobile)` before or after it, or before it `טל:` or the `p:` of lead ads. */
const LABEL = /^(?:\p{L}+[.:]|\([^\d()+*#]+\)) ?(?=[\d+(])|(?<=\d) ?\([^\d()+*#]+\)(?=[;,. ]*$)/gu;

/** Removes from a number what chats, right-to-left texts and spreadsheets have added. */
export function cleanPhone(text: string): string {
  const visible = text.normalize('NFKC').replace(INVISIBLE, '').replace(DASHES, '-').replace(/\s+/g, ' ').trim();
  const unwrapped = (FORMULA.exec(visible)?.[1] ?? visible).trim().replace(TEXT_MARK, '');
  return unwrapped
    .replace(LABEL, '')
    .replace(/[;,. ]+$/, '')
    .replace(DECIMAL_ZERO, '$1')
    .replace(/^00(?=[1-9])/, '+');
}

/** Whether a spreadsheet has rounded a number, such as `9.72522E+11`, so that its last digits are lost. */
export const isScientific = (text: string): boolean => /^\+?\d+(?:[.,]\d+)?E\+?\d+$/i.test(text);
