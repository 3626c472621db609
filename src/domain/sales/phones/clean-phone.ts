/** Marks that show nothing: directions, joiners, soft hyphens, byte order marks. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Hyphens, dashes, the minus and the Hebrew maqaf. */
const DASHES = /[\u2010-\u2015\u2212\u05be\ufe58\ufe63\uff0d]/g;
/** `="+972…"`, by which spreadsheets keep a number a text, and the apostrophe that does the same. */
const FORMULA = /^="([^"]*)"$/;
const TEXT_MARK = /^['’`](?=[\d+(])/;
/** A whole number that a spreadsheet has exported as a decimal one: left there, its zero would be a digit. */
const DECIMAL_ZERO = /^(\+?\d+)[.,]0+$/;

/** A word beside a number that says whose it is, or where: `(mobile)` before or behind it, `טל:` and the `p:` of advertisements before. */
const LABEL = /^(?:\p{L}+[.:]|\([^\d()+*#]+\)) ?(?=[\d+(])|(?<=\d) ?\([^\d()+*#]+\)(?=[;,. ]*$)/gu;

/** Returns a number as it was meant before chats, right-to-left texts and spreadsheets had it. */
export function cleanPhone(text: string): string {
  const visible = text.normalize('NFKC').replace(INVISIBLE, '').replace(DASHES, '-').replace(/\s+/g, ' ').trim();
  const unwrapped = (FORMULA.exec(visible)?.[1] ?? visible).trim().replace(TEXT_MARK, '');
  return unwrapped
    .replace(LABEL, '')
    .replace(/[;,. ]+$/, '')
    .replace(DECIMAL_ZERO, '$1')
    .replace(/^00(?=[1-9])/, '+');
}

/** Whether a spreadsheet has rounded a number, as `9.72522E+11`: its last digits are lost. */
export const isScientific = (text: string): boolean => /^\+?\d+(?:[.,]\d+)?E\+?\d+$/i.test(text);
