/** Attributes of a tag: names without their prefix, values in quotes or not. */
const ATTRIBUTE = /(?:[\w.-]{1,20}:)?([a-z]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** Returns the attributes of a tag by their names in small letters. */
export function readAttributes(written: string): Map<string, string> {
  return new Map(
    Array.from(written.matchAll(ATTRIBUTE), ([, name = '', ...values]) => [
      name.toLowerCase(),
      values.find((value) => value !== undefined) ?? '',
    ]),
  );
}

/** Takes comments out, and makes sections of character data plain text. Lines stay where they are. */
export function removeMarkup(xml: string): string {
  const bare = replaceEnclosed(xml, /<!--[\s\S]*?-->/g, '-->', (comment) => comment.replace(/[^\n]+/g, ''));
  return replaceEnclosed(bare, /<!\[CDATA\[[\s\S]*?\]\]>/g, ']]>', (section) =>
    section.slice('<![CDATA['.length, -']]>'.length).replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
  );
}

/** Looks no further than the last end, as otherwise each beginning behind it would be looked for an end of. */
function replaceEnclosed(text: string, pattern: RegExp, end: string, replace: (found: string) => string): string {
  const last = text.lastIndexOf(end);
  return last === -1
    ? text
    : text.slice(0, last + end.length).replace(pattern, replace) + text.slice(last + end.length);
}

/** Returns what an element says as the lines of a cue: line ends of the source are white space; tags of lines are its own. */
export const toLines = (text: string): string[] => [
  text.replace(/\s+/g, ' ').replace(/<(?:[\w.-]{1,20}:)?br\s?\/?>/gi, '<br>'),
];

/** Whether an element says anything. */
export const hasText = (text: string): boolean => /[^\s\p{Cf}]/u.test(text.replace(/<[^<>]*>|&nbsp;/gi, ''));
