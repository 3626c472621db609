import { decodeHTMLStrict } from 'entities';

/** `&amp;` before what is an entity already: escaped twice, or more often. */
const ESCAPED_AGAIN = /&(?:amp;)+(?=#?\w{1,31};)/gi;

/** A hard space, a line end of Advanced SubStation Alpha; converters to SubRip and WebVTT leave them. */
const ASS_ESCAPES = /\\([hNn])/g;

/** Returns caption text without its escapes: entities, however often escaped, and those of Advanced SubStation Alpha. */
export function decodeEscapes(text: string): string {
  const plain = text.includes('\\') ? text.replace(ASS_ESCAPES, (_, letter) => (letter === 'h' ? ' ' : '\n')) : text;
  return plain.includes('&') ? decodeHTMLStrict(plain.replace(ESCAPED_AGAIN, '&')) : plain;
}

/** Escapes what decodeEscapes would read otherwise; the `&` in a way that it does not take for one that was escaped again. */
export function protectEscapes(text: string): string {
  return text.replace(/&(?=#?\w+;)/g, '&#38;').replace(/\\(?=[hNn])|(?<=\{)\\/g, '&#92;');
}
