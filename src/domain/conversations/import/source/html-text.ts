import { decodeHTML } from 'entities';

const BREAK = /<(?:br|\/?(?:p|div|ul|ol|h[1-6]|tr|table|pre|blockquote))(?:\s[^<>]*)?\/?>/gi;
const CELL_END = /<\/t[dh]\s*>/gi;
const ITEM = /<li(?:\s[^<>]*)?>/gi;
const TAG = /<\/?[a-z][^<>]*>/gi;

/** Returns the text of a piece of HTML: a line for each block, a dash before each item of a list, a tab between cells. */
export function readHtml(html: string): string {
  const text = decodeHTML(html.replace(CELL_END, '\t').replace(ITEM, '\n- ').replace(BREAK, '\n').replace(TAG, ''));
  return text
    .replace(/(?<![ \t])[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
