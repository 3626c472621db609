/** UTF-16 units of a title that is made of a text. */
const MAX_TITLE = 60;
/** UTF-16 units that a title has at least: a word that would leave less, as a sentence in Chinese is one, is cut through. */
const MIN_CUT = 30;
const characters = new Intl.Segmenter();
/** UTF-16 units of a text that a title is made of: more spaces than that stand before no word. */
const MAX_TITLE_SOURCE = 1_000;

/** Not such as a zero-width space. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Makes a title of the beginning of a text, on one line, cut at a word; null where there is nothing to read. */
export function makeTitle(text: string): string | null {
  const line = text
    .slice(0, MAX_TITLE_SOURCE)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (!VISIBLE.test(line)) return null;
  if (line.length <= MAX_TITLE) return line;
  const lastSpace = line.lastIndexOf(' ', MAX_TITLE - 1);
  return `${lastSpace >= MIN_CUT ? line.slice(0, lastSpace) : cutAtCharacter(line).trimEnd()}…`;
}

/** Cuts between two characters as users see them: not within a flag or a family. */
function cutAtCharacter(line: string): string {
  let end = 0;
  for (const { index, segment } of characters.segment(line.slice(0, MAX_TITLE * 2))) {
    if (index + segment.length > MAX_TITLE) break;
    end = index + segment.length;
  }
  return end > 0 ? line.slice(0, end) : line.slice(0, MAX_TITLE).replace(/[\uD800-\uDBFF]$/, '');
}

/** What models put before a title, however they are asked. */
const LABEL = /^(?:#+|\**(?:title|כותרת)\**:\**)\s*/iu;
/** Quotation marks or Markdown around all of a line, but not around its first and its last word: "A" and "B". */
const WRAPPED = /^(\*\*|["“”„«*_`'])((?:(?!\1\s|\s\1).)+?)(?:\*\*|["“”»*_`'])$/u;

/** Makes a title of what a model answered when it was asked for one; null where that has no letter and no digit. */
export function readModelTitle(answer: string): string | null {
  const lines = answer
    .slice(0, MAX_TITLE_SOURCE)
    .toWellFormed()
    .split(/[\r\n]+/);
  const line = lines.map((text) => text.trim()).find(Boolean) ?? '';
  const bare = line.replace(LABEL, '').replace(/\.$/, '');
  return /[\p{L}\p{N}]/u.test(bare) ? makeTitle(WRAPPED.exec(bare)?.[2] ?? bare) : null;
}
